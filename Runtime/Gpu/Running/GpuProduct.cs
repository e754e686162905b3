using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Formats;
using KernelGen.Gpu.Formats;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A layer's matrix on a device, W or W^T, and the kernels that multiply by it. Never changed: new weights make a new one.</summary>
internal sealed class GpuProduct : IDisposable
{
    /// <summary>Of the dense kernel's time, what a sparse one may take at most: an estimate that errs shall not make a layer slower.</summary>
    private const double WorthIt = 0.95;

    /// <summary>What a sparse kernel takes to stage the activations, over the dense kernel's time; measured on an H100.</summary>
    private const double Staging = 0.3;

    private readonly Accelerator _accelerator;
    private readonly LayerDescriptor _layer;
    private readonly OwnedBuffers? _owned;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _starts;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _places;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _values;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _bias;
    private readonly Launcher[] _launchers;
    private readonly Lock _launching;

    private GpuProduct(
        Accelerator accelerator, LayerDescriptor layer, IReadOnlyList<GpuKernel> kernels, GpuArrays arrays, float[] bias, bool isSparse, string reason)
    {
        (_accelerator, _layer, _launching) = (accelerator, layer, LaunchLock.Of(accelerator));
        kernels = Launchable(kernels);
        _owned = new OwnedBuffers(accelerator, $"the weights of layer '{layer.Name}'");
        try
        {
            _starts = _owned.Upload(arrays.Starts);
            _places = _owned.Upload(arrays.Places);
            _values = _owned.Upload(arrays.Values);
            _bias = _owned.Upload(bias.Length > 0 ? bias : new float[layer.OutFeatures]);
            _launchers = Load(kernels);
        }
        catch
        {
            _owned.Dispose();
            throw;
        }

        Plan = new GpuLayerPlan(
            layer.Name,
            [.. kernels.Select(kernel => kernel.Name)],
            kernels[0].Format.ToString(),
            arrays.Bytes + (sizeof(float) * (long)layer.OutFeatures),
            isSparse,
            reason);
    }

    private GpuProduct(GpuProduct other, IReadOnlyList<GpuKernel> kernels)
    {
        (_accelerator, _layer, _launching) = (other._accelerator, other._layer, other._launching);
        (_starts, _places, _values, _bias) = (other._starts, other._places, other._values, other._bias);
        kernels = Launchable(kernels);
        _launchers = Load(kernels);
        Plan = other.Plan with { Kernels = [.. kernels.Select(kernel => kernel.Name)] };
    }

    public GpuLayerPlan Plan { get; }

    /// <summary>Uploads a matrix for its sparse kernels, or for the dense ones where those are estimated to be as fast.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="layer">The layer, for W^T turned round.</param>
    /// <param name="matrix">W or W^T.</param>
    /// <param name="bias">One for each row, or empty for none.</param>
    /// <param name="sparse">Kernels for its pattern; null for a dense layer.</param>
    /// <param name="dense">Kernels for a dense layer of the same shape.</param>
    public static GpuProduct Upload(
        Accelerator accelerator, LayerDescriptor layer, SparseMatrix matrix, float[] bias, IReadOnlyList<GpuKernel>? sparse, IReadOnlyList<GpuKernel> dense)
    {
        if (sparse is null)
        {
            return Upload(accelerator, layer, matrix, bias, dense, isSparse: false, "the layer is declared dense");
        }

        var arrays = sparse[0].Format.Pack(matrix);
        var share = Staging + (sparse[0].RelativeCost * arrays.StoredWeights / layer.WeightCount);
        var isSparse = share <= WorthIt;
        var estimate = string.Create(CultureInfo.InvariantCulture, $"estimated at {share:0.##} of the dense kernel's time");
        return isSparse
            ? new GpuProduct(accelerator, layer, sparse, arrays, bias, isSparse, $"{estimate}: runs sparse")
            : Upload(accelerator, layer, matrix, bias, dense, isSparse, $"the sparse kernel is {estimate}: runs dense");
    }

    /// <summary>Uploads a matrix for given kernels, which share a format.</summary>
    public static GpuProduct Upload(
        Accelerator accelerator, LayerDescriptor layer, SparseMatrix matrix, float[] bias, IReadOnlyList<GpuKernel> kernels, bool isSparse, string reason)
        => new(accelerator, layer, kernels, kernels[0].Format.Pack(matrix), bias, isSparse, reason);

    /// <summary>The same matrix for other kernels of its formats; valid as long as this.</summary>
    public GpuProduct With(IReadOnlyList<GpuKernel> kernels) => new(this, kernels);

    /// <summary>Enqueues y = activation(W x + b): x [in][stride], y [out][stride].</summary>
    public void Run(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> y, int stride) => Run(stream, x, _bias.View, y, stride);

    /// <summary>Enqueues an input gradient times the slope of the activation before, which is told from what was kept: [out][stride], as y.</summary>
    public void Run(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> kept, ArrayView<float> y, int stride)
    {
        // The widest that keeps half of the device busy: wide groups load less, narrow ones are more.
        var launcher = _launchers.FirstOrDefault(
            candidate => 2 * Groups(candidate, stride) >= _accelerator.NumMultiprocessors && candidate.Kernel.GroupSamples <= stride) ?? _launchers[^1];
        var (samples, rows) = launcher.Kernel.Grid(_layer.OutFeatures, stride);
        lock (_launching)
        {
            launcher.Run(
                stream,
                new KernelConfig(new Index3D(samples, rows, 1), new Index3D(launcher.Kernel.Threads, 1, 1)),
                x, _starts.View, _places.View, _values.View, kept, y, stride);
        }
    }

    public void Dispose() => _owned?.Dispose();

    /// <summary>Narrow kernels take so many groups that those of a very tall layer exceed a launch.</summary>
    private GpuKernel[] Launchable(IReadOnlyList<GpuKernel> kernels) => [.. kernels.Where(kernel => GridLimit.Allows(_accelerator, kernel, _layer.OutFeatures))];

    private Launcher[] Load(IReadOnlyList<GpuKernel> kernels)
        => [.. kernels.Select(kernel => new Launcher(kernel, _accelerator.LoadKernel(kernel.Method, kernel.Specialization)))];

    private long Groups(Launcher candidate, int stride)
    {
        var (samples, rows) = candidate.Kernel.Grid(_layer.OutFeatures, stride);
        return (long)samples * rows;
    }

    private sealed record Launcher(
        GpuKernel Kernel,
        Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> Run);
}
