namespace KernelGen;

/// <summary>What runs in one regime of a layer, and why.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Format">How its weights are packed.</param>
/// <param name="Bytes">Bytes of the pack: weights, indices, counts and bias.</param>
/// <param name="Reason">Why this kernel runs, such as "estimated at 0.31 of the dense kernel's time: runs sparse".</param>
public sealed record RegimePlan(string Kernel, string Format, long Bytes, string Reason)
{
    /// <summary>One line: kernel, format, bytes and reason.</summary>
    public override string ToString() => FormattableString.Invariant($"{Kernel}, {Format}, {Bytes:N0} bytes; {Reason}");
}
