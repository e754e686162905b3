using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>An activation and its slope, loaded for a device.</summary>
internal sealed class GpuElementwise(Accelerator accelerator, ElementwiseKernels kernels)
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> _slope = accelerator.LoadKernel(kernels.Slope);
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>? _apply
        = kernels.Apply is null ? null : accelerator.LoadKernel(kernels.Apply);

    private readonly Lock _launching = LaunchLock.Of(accelerator);

    /// <summary>Enqueues the activation of what was kept.</summary>
    public void Apply(AcceleratorStream stream, ArrayView<float> kept, ArrayView<float> target, int count) => Run(_apply!, stream, kept, kept, target, count);

    /// <summary>Enqueues a gradient times the slope; target may be the gradient.</summary>
    public void MultiplyBySlope(AcceleratorStream stream, ArrayView<float> kept, ArrayView<float> gradient, ArrayView<float> target, int count)
        => Run(_slope, stream, kept, gradient, target, count);

    private void Run(
        Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> launch,
        AcceleratorStream stream,
        ArrayView<float> kept,
        ArrayView<float> gradient,
        ArrayView<float> target,
        int count)
    {
        const int GroupElements = ElementwiseKernels.Threads * ElementwiseKernels.Elements;
        var groups = ((count - 1) / GroupElements) + 1;
        lock (_launching)
        {
            launch(stream, new KernelConfig(new Index3D(groups, 1, 1), new Index3D(ElementwiseKernels.Threads, 1, 1)), kept, gradient, target, count);
        }
    }
}
