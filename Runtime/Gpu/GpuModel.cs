using ILGPU;
using ILGPU.Runtime;
using KernelGen.Dispatch;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Running;

namespace KernelGen.Gpu;

/// <summary>
/// A model on a device: its packed weights are uploaded once. Weights that are set or loaded later are uploaded by the next forward pass, so
/// that the device is never behind the model. All members may be called from several threads.
/// </summary>
public sealed class GpuModel : IDisposable
{
    /// <summary>Strides are multiples of a warp.</summary>
    private const int StrideMultiple = 32;

    private readonly Lock _lock = new();
    private readonly IGpuModel _model;
    private readonly GpuNetwork _network;
    private readonly ModelDescriptor _descriptor;
    private readonly int _mostFeatures;
    private readonly GpuDevice? _device;
    private readonly GpuTransforms _transforms;
    private readonly GpuLayer?[] _layers;
    private readonly Dictionary<AcceleratorStream, GpuScratch> _scratch = [];
    private readonly AcceleratorStream _stream;
    private bool _disposed;

    internal GpuModel(IGpuModel model, Accelerator accelerator, GpuDevice? device)
    {
        _model = model;
        _network = model.GpuNetwork;
        _descriptor = new ModelDescriptor(model.GetType().Name, [.. model.Layers.Select(layer => layer.Descriptor)]);
        _mostFeatures = Math.Max(_descriptor.InFeatures, _descriptor.Layers.Max(layer => layer.OutFeatures));
        _layers = new GpuLayer?[model.Layers.Count];
        Accelerator = accelerator;
        _transforms = new GpuTransforms(accelerator, _network.Transforms);
        _stream = accelerator.CreateStream();
        try
        {
            Follow();
        }
        catch
        {
            Free();
            throw;
        }

        // Not before all is well: until then the device stays its opener's.
        _device = device;
    }

    /// <summary>The device.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Which kernels the layers run with the current weights, and why. Reading it uploads weights that were set since.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<GpuLayerPlan> Plan
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                Follow();
                return [.. _layers.Select(layer => layer!.Plan)];
            }
        }
    }

    /// <summary>Runs the model on a batch in the host's memory, and waits for the result.</summary>
    /// <param name="input">Activations, [batch, in] or feature-major [in, batch].</param>
    /// <param name="output">Receives [batch, out] or [out, batch].</param>
    /// <param name="batch">Samples in the batch; 0 does nothing.</param>
    /// <param name="layout">The layout of both spans.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or the batch has more than 2^31 activations in a layer.</exception>
    /// <exception cref="InsufficientMemoryException">The batch doesn't fit into the device's memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout = Layout.RowMajor)
    {
        Validate(input.Length, output.Length, batch, layout);
        if (batch == 0)
        {
            return;
        }

        lock (_lock)
        {
            var (source, target) = Scratch(_stream).Ends(batch);
            var (x, y) = (source.View.SubView(0, input.Length), target.View.SubView(0, output.Length));
            x.BaseView.CopyFromCPU(_stream, input);
            Enqueue(_stream, x.BaseView, y.BaseView, batch, layout);
            y.BaseView.CopyToCPU(_stream, output);
            _stream.Synchronize();
        }
    }

    /// <summary>Enqueues the model on a batch in the device's memory; the result is there when the stream has come so far.</summary>
    /// <param name="stream">The stream, of the same device.</param>
    /// <param name="input">Activations, [batch, in] or feature-major [in, batch].</param>
    /// <param name="output">Receives [batch, out] or [out, batch]; must not overlap <paramref name="input"/>.</param>
    /// <param name="batch">Samples in the batch; 0 does nothing.</param>
    /// <param name="layout">The layout of both views.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or the batch has more than 2^31 activations in a layer.</exception>
    /// <exception cref="InsufficientMemoryException">The batch doesn't fit into the device's memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Forward(AcceleratorStream stream, ArrayView<float> input, ArrayView<float> output, int batch, Layout layout = Layout.RowMajor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Validate(input.Length, output.Length, batch, layout);
        if (batch == 0)
        {
            return;
        }

        lock (_lock)
        {
            Enqueue(stream, input, output, batch, layout);
        }
    }

    /// <summary>Frees the device's memory, and closes the device if it was opened for this model.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            Accelerator.Synchronize();
            Free();
            _device?.Dispose();
        }
    }

    private void Free()
    {
        foreach (var scratch in _scratch.Values)
        {
            scratch.Dispose();
        }

        foreach (var layer in _layers)
        {
            layer?.Dispose();
        }

        _stream.Dispose();
    }

    private void Enqueue(AcceleratorStream stream, ArrayView<float> input, ArrayView<float> output, int batch, Layout layout)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Follow();
        var stride = (batch + StrideMultiple - 1) / StrideMultiple * StrideMultiple;
        var (x, y) = Scratch(stream).Activations(stride);
        _transforms.Enter(stream, input, x.View, _descriptor.InFeatures, batch, stride, layout);
        foreach (var layer in _layers)
        {
            layer!.Run(stream, x.View, y.View, stride);
            (x, y) = (y, x);
        }

        _transforms.Leave(stream, x.View, output, _descriptor.OutFeatures, batch, stride, layout);
    }

    /// <summary>Uploads what was set since.</summary>
    private void Follow()
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var state = _model.Layers[i].RequireState();
            if (ReferenceEquals(_layers[i]?.State, state))
            {
                continue;
            }

            var uploaded = GpuLayer.Upload(Accelerator, state, _network.Layers[i]);
            if (_layers[i] is { } old)
            {
                // Work in flight may still read it.
                Accelerator.Synchronize();
                old.Dispose();
            }

            _layers[i] = uploaded;
        }
    }

    private GpuScratch Scratch(AcceleratorStream stream)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_scratch.TryGetValue(stream, out var scratch))
        {
            _scratch[stream] = scratch = new GpuScratch(Accelerator, stream, _descriptor, _mostFeatures);
        }

        return scratch;
    }

    private void Validate(long input, long output, int batch, Layout layout)
    {
        // Kernels count elements in 32 bits.
        var most = (int.MaxValue / _mostFeatures) - StrideMultiple;
        if (batch > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batch), batch, $"A batch of {batch} has more than 2^31 activations in a layer of {_mostFeatures}: run {most} samples at a time, or fewer.");
        }

        ForwardArguments.Check(input, output, batch, layout, _descriptor.InFeatures, _descriptor.OutFeatures);
    }
}
