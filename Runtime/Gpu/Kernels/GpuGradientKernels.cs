namespace KernelGen.Gpu.Kernels;

/// <summary>The emitted GPU kernels of a layer's gradients.</summary>
/// <param name="sparseInput">The input gradient's kernels for W^T in its pattern; null for a dense layer.</param>
/// <param name="denseInput">The input gradient's kernels for a dense W^T.</param>
/// <param name="weights">The kernels of weight and bias gradient.</param>
/// <param name="sparsePreactivation">Kernels of what the activation takes, where gradients need that; null where they don't, and for a dense layer.</param>
/// <param name="densePreactivation">The same for the dense layer of the same shape.</param>
/// <param name="activation">The activation and its slope, alone; null where there is none.</param>
public sealed class GpuGradientKernels(
    GpuKernel[]? sparseInput,
    GpuKernel[] denseInput,
    GpuSampledKernel weights,
    GpuKernel[]? sparsePreactivation,
    GpuKernel[]? densePreactivation,
    ElementwiseKernels? activation)
{
    /// <summary>The input gradient's kernels for W^T in its pattern; null for a dense layer.</summary>
    public IReadOnlyList<GpuKernel>? SparseInput { get; } = sparseInput;

    /// <summary>The input gradient's kernels for a dense W^T.</summary>
    public IReadOnlyList<GpuKernel> DenseInput { get; } = denseInput;

    /// <summary>The kernels of weight and bias gradient.</summary>
    public GpuSampledKernel Weights { get; } = weights;

    /// <summary>Kernels of what the activation takes, where gradients need that; null where they don't, and for a dense layer.</summary>
    public IReadOnlyList<GpuKernel>? SparsePreactivation { get; } = sparsePreactivation;

    /// <summary>The same for the dense layer of the same shape.</summary>
    public IReadOnlyList<GpuKernel>? DensePreactivation { get; } = densePreactivation;

    /// <summary>The activation and its slope, alone; null where there is none.</summary>
    public ElementwiseKernels? Activation { get; } = activation;
}
