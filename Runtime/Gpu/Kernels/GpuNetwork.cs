namespace KernelGen.Gpu.Kernels;

/// <summary>The emitted GPU kernels of a model.</summary>
/// <param name="layers">Those of its layers, in the order they run.</param>
/// <param name="transforms">Those at its ends.</param>
public sealed class GpuNetwork(GpuLayerKernels[] layers, TransformKernels transforms)
{
    /// <summary>Those of its layers, in the order they run.</summary>
    public IReadOnlyList<GpuLayerKernels> Layers { get; } = layers;

    /// <summary>Those at its ends.</summary>
    public TransformKernels Transforms { get; } = transforms;
}
