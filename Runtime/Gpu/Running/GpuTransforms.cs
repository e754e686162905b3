using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>The rearrangements at a model's ends, loaded for a device.</summary>
internal sealed class GpuTransforms(Accelerator accelerator, TransformKernels kernels)
{
    private readonly Transform _fromRowMajor = new(accelerator, kernels.FromRowMajor);
    private readonly Transform _toRowMajor = new(accelerator, kernels.ToRowMajor);
    private readonly Transform _fromFeatureMajor = new(accelerator, kernels.FromFeatureMajor);
    private readonly Transform _toFeatureMajor = new(accelerator, kernels.ToFeatureMajor);

    /// <summary>Enqueues the way in: a batch to [features][stride].</summary>
    public void Enter(AcceleratorStream stream, ArrayView<float> source, ArrayView<float> target, int features, int batch, int stride, Layout layout)
        => (layout == Layout.RowMajor ? _fromRowMajor : _fromFeatureMajor).Run(stream, source, target, features, batch, stride);

    /// <summary>Enqueues the way out: [features][stride] to a batch.</summary>
    public void Leave(AcceleratorStream stream, ArrayView<float> source, ArrayView<float> target, int features, int batch, int stride, Layout layout)
        => (layout == Layout.RowMajor ? _toRowMajor : _toFeatureMajor).Run(stream, source, target, features, batch, stride);

    private sealed class Transform(Accelerator accelerator, Action<ArrayView<float>, ArrayView<float>, int, int, int> method)
    {
        private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, int, int, int> _launch = accelerator.LoadKernel(method);
        private readonly Lock _launching = LaunchLock.Of(accelerator);

        public void Run(AcceleratorStream stream, ArrayView<float> source, ArrayView<float> target, int features, int batch, int stride)
        {
            var grid = new Index3D(stride / TransformKernels.Side, ((features - 1) / TransformKernels.Side) + 1, 1);
            lock (_launching)
            {
                _launch(stream, new KernelConfig(grid, new Index3D(TransformKernels.Threads, 1, 1)), source, target, features, batch, stride);
            }
        }
    }
}
