using ILGPU;
using ILGPU.Runtime;
using KernelGen.Formats;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A layer's mask on a device, and the kernels of its weight and bias gradient.</summary>
internal sealed class GpuSampledProduct : IDisposable
{
    private readonly GpuSampledKernel _kernel;
    private readonly OwnedBuffers _owned;
    private readonly int _groups;
    private readonly int _rows;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _windows;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _unitRows;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _places;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _targets;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<float>, int, int> _weights;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, int, int> _biases;
    private readonly Lock _launching;

    public GpuSampledProduct(Accelerator accelerator, string layer, SparseMatrix mask, GpuSampledKernel kernel)
    {
        _kernel = kernel;
        _rows = mask.Rows;
        _launching = LaunchLock.Of(accelerator);
        _owned = new OwnedBuffers(accelerator, $"the mask of layer '{layer}'");
        var arrays = kernel.Format.Pack(mask);
        _groups = arrays.Windows.Length;
        Bytes = arrays.Bytes;
        try
        {
            _windows = _owned.Upload(arrays.Windows);
            _unitRows = _owned.Upload(arrays.Rows);
            _places = _owned.Upload(arrays.Places);
            _targets = _owned.Upload(arrays.Targets);
            _weights = accelerator.LoadKernel(kernel.Weights, kernel.Specialization);
            _biases = accelerator.LoadKernel(kernel.Biases);
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <summary>Bytes on the device.</summary>
    public long Bytes { get; }

    /// <summary>Enqueues dW = dZ X^T at the mask: x [in][stride], gradient [out][stride], result as long as the mask has active weights.</summary>
    public void Weights(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> gradient, ArrayView<float> result, int batch, int stride)
    {
        if (_groups == 0)
        {
            return;
        }

        lock (_launching)
        {
            _weights(
                stream,
                new KernelConfig(new Index3D(_groups, 1, 1), new Index3D(_kernel.Threads, 1, 1)),
                x, gradient, _windows.View, _unitRows.View, _places.View, _targets.View, result, batch, stride);
        }
    }

    /// <summary>Enqueues db, the sums of dZ [out][stride] over the samples.</summary>
    public void Biases(AcceleratorStream stream, ArrayView<float> gradient, ArrayView<float> result, int batch, int stride)
    {
        var groups = ((_rows - 1) / GpuSampledKernel.GroupBiases) + 1;
        lock (_launching)
        {
            _biases(stream, new KernelConfig(new Index3D(groups, 1, 1), new Index3D(GpuSampledKernel.BiasThreads, 1, 1)), gradient, result, batch, stride);
        }
    }

    public void Dispose() => _owned.Dispose();
}
