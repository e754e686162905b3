namespace KernelGen.Gpu.Kernels;

/// <summary>The emitted GPU kernels of a layer.</summary>
/// <param name="sparse">Kernels for the declared pattern; null for a dense layer.</param>
/// <param name="dense">Kernels for the dense layer of the same shape.</param>
/// <param name="gradients">Kernels of gradients; null where the model isn't marked for training.</param>
public sealed class GpuLayerKernels(GpuKernel[]? sparse, GpuKernel[] dense, GpuGradientKernels? gradients = null)
{
    /// <summary>Kernels for the declared pattern, from the widest to the narrowest; null for a dense layer.</summary>
    public IReadOnlyList<GpuKernel>? Sparse { get; } = sparse;

    /// <summary>Kernels for the dense layer of the same shape, from the widest to the narrowest.</summary>
    public IReadOnlyList<GpuKernel> Dense { get; } = dense;

    /// <summary>Kernels of gradients; null where the model isn't marked for training.</summary>
    public GpuGradientKernels? Gradients { get; } = gradients;
}
