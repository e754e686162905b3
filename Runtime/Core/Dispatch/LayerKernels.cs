namespace KernelGen.Dispatch;

/// <summary>The emitted kernels of one kind of layer (shape, pattern, activation), for every instruction set and both regimes.</summary>
public sealed class LayerKernels
{
    /// <summary>Collects the kernels of one kind; among those of one instruction set, the first is preferred.</summary>
    /// <param name="panel">The throughput regime.</param>
    /// <param name="vector">The latency regime.</param>
    public LayerKernels(PanelKernel[] panel, VectorKernel[] vector)
    {
        Panel = panel;
        Vector = vector;
    }

    /// <summary>The throughput regime.</summary>
    public IReadOnlyList<PanelKernel> Panel { get; }

    /// <summary>The latency regime.</summary>
    public IReadOnlyList<VectorKernel> Vector { get; }
}
