namespace KernelGen.Dispatch;

/// <summary>
/// What a kernel is estimated to take on each kind of processor, in that one's cycles. The two aren't compared with each other: only kernels are,
/// on one processor.
/// </summary>
/// <param name="zen4">On AMD's Zen 4, and on every processor that isn't known better.</param>
/// <param name="xeon">On Intel's Xeons from Ice Lake on.</param>
public readonly struct KernelCosts(KernelCost zen4, KernelCost xeon)
{
    /// <summary>The same on every processor.</summary>
    /// <param name="all">On each of them.</param>
    public KernelCosts(KernelCost all)
        : this(all, all)
    {
    }

    /// <summary>On AMD's Zen 4, and on every processor that isn't known better.</summary>
    public KernelCost Zen4 { get; } = zen4;

    /// <summary>On Intel's Xeons from Ice Lake on.</summary>
    public KernelCost Xeon { get; } = xeon;

    /// <summary>On one kind of processor.</summary>
    internal KernelCost On(ProcessorKind processor) => processor switch
    {
        ProcessorKind.Zen4 => Zen4,
        ProcessorKind.Xeon => Xeon,
        _ => throw new ArgumentOutOfRangeException(nameof(processor)),
    };
}
