using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Formats;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A layer's weights on a device, and the kernels that read them. Never changed: new weights make a new one.</summary>
internal sealed class GpuLayer : IDisposable
{
    /// <summary>Of the dense kernel's time, what a sparse one may take at most: an estimate that errs shall not make a layer slower.</summary>
    private const double WorthIt = 0.95;

    /// <summary>What a sparse kernel takes to stage the activations, over the dense kernel's time; measured on an H100.</summary>
    private const double Staging = 0.3;

    private readonly List<IDisposable> _owned = [];
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _starts;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _places;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _values;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _bias;
    private readonly Launcher[] _launchers;
    private readonly Lock _launching;
    private readonly int _multiprocessors;

    private GpuLayer(Accelerator accelerator, LayerState state, IReadOnlyList<GpuKernel> kernels, GpuArrays arrays, bool isSparse, string reason)
    {
        State = state;
        var layer = state.Descriptor;
        var what = $"the weights of layer '{layer.Name}'";
        try
        {
            _starts = Own(DeviceMemory.Upload(accelerator, arrays.Starts, what));
            _places = Own(DeviceMemory.Upload(accelerator, arrays.Places, what));
            _values = Own(DeviceMemory.Upload(accelerator, arrays.Values, what));
            _bias = Own(DeviceMemory.Upload(accelerator, state.Bias.Length > 0 ? state.Bias : new float[layer.OutFeatures], what));
            _launchers = [.. kernels.Select(kernel => new Launcher(kernel, accelerator.LoadKernel(kernel.Method, kernel.Specialization)))];
        }
        catch
        {
            Dispose();
            throw;
        }

        _launching = LaunchLock.Of(accelerator);
        _multiprocessors = accelerator.NumMultiprocessors;
        Plan = new GpuLayerPlan(
            layer.Name,
            [.. kernels.Select(kernel => kernel.Name)],
            kernels[0].Format.ToString(),
            arrays.Bytes + (sizeof(float) * (long)layer.OutFeatures),
            isSparse,
            reason);
    }

    /// <summary>The weights that were uploaded.</summary>
    public LayerState State { get; }

    public GpuLayerPlan Plan { get; }

    /// <summary>Uploads a layer's weights for its sparse kernels, or for the dense ones where those are estimated to be as fast.</summary>
    public static GpuLayer Upload(Accelerator accelerator, LayerState state, GpuLayerKernels kernels)
    {
        if (kernels.Sparse is not { } sparse)
        {
            return Upload(accelerator, state, kernels.Dense, isSparse: false, "the layer is declared dense");
        }

        var arrays = sparse[0].Format.Pack(state.Weights);
        var share = Staging + (sparse[0].RelativeCost * arrays.StoredWeights / state.Descriptor.WeightCount);
        var isSparse = share <= WorthIt;
        var estimate = string.Create(CultureInfo.InvariantCulture, $"estimated at {share:0.##} of the dense kernel's time");
        return isSparse
            ? new GpuLayer(accelerator, state, sparse, arrays, isSparse, $"{estimate}: runs sparse")
            : Upload(accelerator, state, kernels.Dense, isSparse, $"the sparse kernel is {estimate}: runs dense");
    }

    /// <summary>Uploads a layer's weights for given kernels, which share a format.</summary>
    public static GpuLayer Upload(Accelerator accelerator, LayerState state, IReadOnlyList<GpuKernel> kernels, bool isSparse, string reason)
        => new(accelerator, state, kernels, kernels[0].Format.Pack(state.Weights), isSparse, reason);

    /// <summary>Enqueues y = activation(W x + b): x [in][stride], y [out][stride].</summary>
    public void Run(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> y, int stride)
    {
        // The widest that keeps half of the device busy: wide groups load less, narrow ones are more.
        var launcher = _launchers.FirstOrDefault(candidate => 2 * Groups(candidate, stride) >= _multiprocessors && candidate.Kernel.GroupSamples <= stride)
            ?? _launchers[^1];
        var (samples, rows) = launcher.Kernel.Grid(State.Descriptor.OutFeatures, stride);
        lock (_launching)
        {
            launcher.Run(
                stream,
                new KernelConfig(new Index3D(samples, rows, 1), new Index3D(launcher.Kernel.Threads, 1, 1)),
                x, _starts.View, _places.View, _values.View, _bias.View, y, stride);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _owned)
        {
            buffer.Dispose();
        }
    }

    private long Groups(Launcher candidate, int stride)
    {
        var (samples, rows) = candidate.Kernel.Grid(State.Descriptor.OutFeatures, stride);
        return (long)samples * rows;
    }

    private TBuffer Own<TBuffer>(TBuffer buffer)
        where TBuffer : IDisposable
    {
        _owned.Add(buffer);
        return buffer;
    }

    private sealed record Launcher(
        GpuKernel Kernel,
        Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> Run);
}
