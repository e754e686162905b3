namespace KernelGen.Gpu;

/// <summary>Which kernels a layer runs on the device with its current weights, and why.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Kernels">The kernels' names: for large batches, then for small ones.</param>
/// <param name="Format">How the weights are packed.</param>
/// <param name="Bytes">Bytes on the device: weights, indices and bias.</param>
/// <param name="IsSparse">Whether inactive weights are left out, so that they don't meet an infinite activation.</param>
/// <param name="Reason">Why these kernels run.</param>
public sealed record GpuLayerPlan(string Layer, IReadOnlyList<string> Kernels, string Format, long Bytes, bool IsSparse, string Reason)
{
    /// <summary>One line: layer, kernels, format, bytes and reason.</summary>
    public override string ToString()
        => FormattableString.Invariant($"{Layer}: {string.Join(" or ", Kernels)}, {Format}, {Bytes:N0} bytes; {Reason}");
}
