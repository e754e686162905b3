using ILGPU;
using ILGPU.Runtime;
using KernelGen.Dispatch;
using KernelGen.Gpu.Running;

namespace KernelGen.Gpu;

/// <summary>
/// Gradients of a model on a device, a batch at a time: <see cref="Forward(ReadOnlySpan{float}, Span{float}, int, Layout)"/> keeps what they need,
/// <see cref="Backward(ReadOnlySpan{float}, Span{float})"/> takes the gradient of the outputs, and <see cref="CopyTo"/> reads those of weights and biases. The same
/// batch gives the same gradients, bit for bit. Members may be called from several threads, but the three belong together.
/// </summary>
public sealed class GpuGradients : IDisposable
{
    private readonly DeviceModel _model;
    private readonly GpuTape _tape;
    private readonly GrowingBuffer _input;
    private readonly GrowingBuffer _output;

    /// <summary>What the last forward pass ran; empty where none did.</summary>
    private GpuLayer[] _layers = [];
    private int _batch;
    private Layout _layout;
    private bool _hasGradients;
    private bool _disposed;

    internal GpuGradients(DeviceModel model)
    {
        _model = model;
        lock (model.Lock)
        {
            foreach (var layer in model.Follow())
            {
                _ = layer.Gradients;
            }

            Stream = model.Accelerator.CreateStream();
        }

        _tape = new GpuTape(model.Accelerator, Stream, model.Descriptor);
        _input = new GrowingBuffer(model.Accelerator, Stream, "the input");
        _output = new GrowingBuffer(model.Accelerator, Stream, "the output");
    }

    /// <summary>The stream on which passes over the device's memory are enqueued.</summary>
    public AcceleratorStream Stream { get; }

    /// <summary>Runs the model on a batch in the host's memory, keeps what gradients need, and waits for the result.</summary>
    /// <param name="input">Activations, [batch, in] or feature-major [in, batch].</param>
    /// <param name="output">Receives [batch, out] or [out, batch].</param>
    /// <param name="batch">Samples in the batch, at least one.</param>
    /// <param name="layout">The layout of both spans, and of the gradients that <see cref="Backward(ReadOnlySpan{float}, Span{float})"/> takes and gives.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or the batch is empty or has more than 2^31 activations in a layer.</exception>
    /// <exception cref="InsufficientMemoryException">The batch, or weights that were set since, don't fit into the device's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the model was disposed.</exception>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout = Layout.RowMajor)
    {
        CheckForward(input.Length, output.Length, batch, layout);
        lock (_model.Lock)
        {
            ThrowIfDisposed();
            var (x, y) = (_input.Of(input.Length), _output.Of(output.Length));
            x.CopyFromCPU(Stream, input);
            EnqueueForward(x, y, batch, layout);
            y.CopyToCPU(Stream, output);
            Stream.Synchronize();
        }
    }

    /// <summary>Enqueues on <see cref="Stream"/> the model on a batch in the device's memory, and keeps what gradients need.</summary>
    /// <inheritdoc cref="Forward(ReadOnlySpan{float}, Span{float}, int, Layout)"/>
    public void Forward(ArrayView<float> input, ArrayView<float> output, int batch, Layout layout = Layout.RowMajor)
    {
        CheckForward(input.Length, output.Length, batch, layout);
        lock (_model.Lock)
        {
            ThrowIfDisposed();
            EnqueueForward(input, output, batch, layout);
        }
    }

    /// <summary>Computes all gradients of the last forward pass, and waits for them.</summary>
    /// <param name="outputGradient">The gradient of the outputs, as long and in the layout of the last forward pass's.</param>
    /// <param name="inputGradient">Receives the gradient of the inputs, in the same layout; empty where that isn't wanted, which saves a product.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass, or a layer's weights were replaced since.</exception>
    /// <exception cref="InsufficientMemoryException">The gradients don't fit into the device's memory.</exception>
    /// <exception cref="ObjectDisposedException">This or the model was disposed.</exception>
    public void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        lock (_model.Lock)
        {
            CheckBackward(outputGradient.Length, inputGradient.Length);
            var (dy, dx) = (_output.Of(outputGradient.Length), inputGradient.IsEmpty ? ArrayView<float>.Empty : _input.Of(inputGradient.Length));
            dy.CopyFromCPU(Stream, outputGradient);
            EnqueueBackward(dy, dx);
            if (!inputGradient.IsEmpty)
            {
                dx.CopyToCPU(Stream, inputGradient);
            }

            Stream.Synchronize();
        }
    }

    /// <summary>Enqueues on <see cref="Stream"/> all gradients of the last forward pass, from and to the device's memory.</summary>
    /// <inheritdoc cref="Backward(ReadOnlySpan{float}, Span{float})"/>
    public void Backward(ArrayView<float> outputGradient, ArrayView<float> inputGradient)
    {
        lock (_model.Lock)
        {
            CheckBackward(outputGradient.Length, inputGradient.Length);
            EnqueueBackward(outputGradient, inputGradient);
        }
    }

    /// <summary>The active weights of a layer in the last forward pass.</summary>
    /// <exception cref="ArgumentException">The layer is none of the model's.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public int NonzerosOf(Linear layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        lock (_model.Lock)
        {
            RequireForward();
            return _layers[_model.IndexOf(layer)].State.Weights.Nonzeros;
        }
    }

    /// <summary>Copies a layer's gradients, of the last backward pass.</summary>
    /// <param name="layer">The layer of the model.</param>
    /// <param name="values">Receives those of the active weights, row by row, columns ascending: <see cref="NonzerosOf"/> values; for a dense layer [out, in].</param>
    /// <param name="bias">Receives OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the layer is none of the model's.</exception>
    /// <exception cref="InvalidOperationException">There was no backward pass since the last forward pass.</exception>
    /// <exception cref="ObjectDisposedException">This or the model was disposed.</exception>
    public void CopyTo(Linear layer, Span<float> values, Span<float> bias)
    {
        ArgumentNullException.ThrowIfNull(layer);
        lock (_model.Lock)
        {
            ThrowIfDisposed();
            RequireForward();
            var index = _model.IndexOf(layer);
            Check(values.Length, _layers[index].State.Weights.Nonzeros, "gradients of active weights", nameof(values));
            Check(bias.Length, layer.Descriptor.Bias ? layer.OutFeatures : 0, "gradients of biases", nameof(bias));
            if (!_hasGradients)
            {
                throw new InvalidOperationException($"Layer '{layer.Name}' has no gradients of the last forward pass: run Backward first.");
            }

            Copy(_tape.Values(index, values.Length), values);
            Copy(_tape.Bias(index, bias.Length), bias);
        }

        void Check(int length, int expected, string what, string parameter)
        {
            if (length != expected)
            {
                throw new ArgumentException($"Layer '{layer.Name}' has {expected} {what}, not {length}.", parameter);
            }
        }

        void Copy(ArrayView<float> source, Span<float> target)
        {
            if (!target.IsEmpty)
            {
                source.CopyToCPU(Stream, target);
                Stream.Synchronize();
            }
        }
    }

    /// <summary>Frees the device's memory.</summary>
    public void Dispose()
    {
        lock (_model.Lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (!_model.IsDisposed)
            {
                Stream.Synchronize();
            }

            _tape.Dispose();
            _input.Dispose();
            _output.Dispose();
            Stream.Dispose();
        }
    }

    private void EnqueueForward(ArrayView<float> input, ArrayView<float> output, int batch, Layout layout)
    {
        (_layers, _hasGradients) = ([], false);
        GpuLayer[] layers = [.. _model.Follow()];
        _tape.Forward(layers, _model.Transforms, input, output, batch, layout);
        (_layers, _batch, _layout) = (layers, batch, layout);
    }

    private void EnqueueBackward(ArrayView<float> outputGradient, ArrayView<float> inputGradient)
    {
        _hasGradients = false;
        _tape.Backward(_layers, _model.Transforms, outputGradient, inputGradient, _batch, _layout);
        _hasGradients = true;
    }

    private void CheckForward(long input, long output, int batch, Layout layout)
    {
        _model.CheckBatch(batch);
        ForwardArguments.Check(input, output, batch, layout, _model.Descriptor.InFeatures, _model.Descriptor.OutFeatures);
        if (batch == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch, "A batch without samples has no gradients: pass 1 sample or more.");
        }
    }

    private void CheckBackward(long outputGradient, long inputGradient)
    {
        ThrowIfDisposed();
        RequireForward();
        if (_model.FirstReplaced(_layers) is { } replaced)
        {
            throw new InvalidOperationException($"The weights of layer '{replaced}' were replaced since the forward pass: run Forward again.");
        }

        Check(outputGradient, _model.Descriptor.OutFeatures, "outputs", nameof(outputGradient));
        if (inputGradient > 0)
        {
            Check(inputGradient, _model.Descriptor.InFeatures, "inputs", nameof(inputGradient));
        }

        void Check(long length, int features, string side, string parameter)
        {
            if (length != (long)_batch * features)
            {
                throw new ArgumentException(
                    $"The gradient of a batch of {_batch} with {features} {side} each takes {(long)_batch * features} floats, not {length}.", parameter);
            }
        }
    }

    private void RequireForward()
    {
        if (_layers.Length == 0)
        {
            throw new InvalidOperationException($"The {_model.Descriptor.Name} has no forward pass to take gradients of: run Forward first.");
        }
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _model.ThrowIfDisposed();
    }
}
