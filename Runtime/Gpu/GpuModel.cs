using ILGPU;
using ILGPU.Runtime;
using KernelGen.Dispatch;
using KernelGen.Gpu.Running;

namespace KernelGen.Gpu;

/// <summary>
/// A model on a device: its packed weights are uploaded once. Weights that are set or loaded later are uploaded by the next forward pass, so
/// that the device is never behind the model. All members may be called from several threads.
/// </summary>
public sealed class GpuModel : IDisposable
{
    private readonly DeviceModel _model;
    private readonly GpuDevice? _device;
    private readonly Dictionary<AcceleratorStream, GpuScratch> _scratch = [];
    private readonly AcceleratorStream _stream;
    private bool _disposed;

    internal GpuModel(IGpuModel model, Accelerator accelerator, GpuDevice? device)
    {
        _model = new DeviceModel(model, accelerator);
        _stream = accelerator.CreateStream();
        // Not before all is well: until then the device stays its opener's.
        _device = device;
    }

    /// <summary>The device.</summary>
    public Accelerator Accelerator => _model.Accelerator;

    /// <summary>Which kernels the layers run with the current weights, and why. Reading it uploads weights that were set since.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<GpuLayerPlan> Plan
    {
        get
        {
            lock (_model.Lock)
            {
                return [.. _model.Follow().Select(layer => layer.Forward.Plan)];
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

        lock (_model.Lock)
        {
            var (x, y) = Scratch(_stream).Ends(batch);
            x.CopyFromCPU(_stream, input);
            Enqueue(_stream, x, y, batch, layout);
            y.CopyToCPU(_stream, output);
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

        lock (_model.Lock)
        {
            Enqueue(stream, input, output, batch, layout);
        }
    }

    /// <summary>What runs forward passes whose gradients are wanted, and backward passes; each with buffers and a stream of its own.</summary>
    /// <returns>To be disposed, before this.</returns>
    /// <exception cref="InvalidOperationException">The model isn't marked <c>[SparseModel(Training = true)]</c>.</exception>
    /// <exception cref="NotSupportedException">A layer has more inputs than the device takes.</exception>
    /// <exception cref="InsufficientMemoryException">What the gradients take doesn't fit into the device's memory.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public GpuGradients CreateGradients() => new(_model);

    /// <summary>Frees the device's memory, and closes the device if it was opened for this model.</summary>
    public void Dispose()
    {
        lock (_model.Lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            Accelerator.Synchronize();
            foreach (var scratch in _scratch.Values)
            {
                scratch.Dispose();
            }

            _model.Dispose();
            _stream.Dispose();
            _device?.Dispose();
        }
    }

    private void Enqueue(AcceleratorStream stream, ArrayView<float> input, ArrayView<float> output, int batch, Layout layout)
    {
        var layers = _model.Follow();
        var stride = DeviceModel.StrideOf(batch);
        var (x, y) = Scratch(stream).Activations(stride);
        _model.Transforms.Enter(stream, input, x, _model.Descriptor.InFeatures, batch, stride, layout);
        foreach (var layer in layers)
        {
            layer.Forward.Run(stream, x, y, stride);
            (x, y) = (y, x);
        }

        _model.Transforms.Leave(stream, x, output, _model.Descriptor.OutFeatures, batch, stride, layout);
    }

    private GpuScratch Scratch(AcceleratorStream stream)
    {
        _model.ThrowIfDisposed();
        if (!_scratch.TryGetValue(stream, out var scratch))
        {
            _scratch[stream] = scratch = new GpuScratch(Accelerator, stream, _model.Descriptor, _model.MostFeatures);
        }

        return scratch;
    }

    private void Validate(long input, long output, int batch, Layout layout)
    {
        _model.CheckBatch(batch);
        ForwardArguments.Check(input, output, batch, layout, _model.Descriptor.InFeatures, _model.Descriptor.OutFeatures);
    }
}
