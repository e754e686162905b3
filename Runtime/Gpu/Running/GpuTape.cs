using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>What a forward pass keeps for the gradients, and the gradients; all of one stream.</summary>
internal sealed class GpuTape : IDisposable
{
    private readonly AcceleratorStream _stream;
    private readonly ModelDescriptor _model;

    // Of each layer: what it takes, and behind the last what the model gives; what its activation takes, where that is kept; and its gradients.
    private readonly GrowingBuffer[] _panels;
    private readonly GrowingBuffer[] _preactivations;
    private readonly GrowingBuffer[] _values;
    private readonly GrowingBuffer[] _biases;

    // Gradients of panels, which layers read and write by turns.
    private readonly GrowingBuffer _first;
    private readonly GrowingBuffer _second;

    public GpuTape(Accelerator accelerator, AcceleratorStream stream, ModelDescriptor model)
    {
        (_stream, _model) = (stream, model);
        _panels = [.. Enumerable.Range(0, model.Layers.Count + 1).Select(_ => new GrowingBuffer(accelerator, stream, "activations"))];
        _preactivations = [.. model.Layers.Select(layer => new GrowingBuffer(accelerator, stream, $"what the activation of layer '{layer.Name}' takes"))];
        _values = [.. model.Layers.Select(layer => new GrowingBuffer(accelerator, stream, $"the weight gradient of layer '{layer.Name}'"))];
        _biases = [.. model.Layers.Select(layer => new GrowingBuffer(accelerator, stream, $"the bias gradient of layer '{layer.Name}'"))];
        _first = new GrowingBuffer(accelerator, stream, "gradients of activations");
        _second = new GrowingBuffer(accelerator, stream, "gradients of activations");
    }

    /// <summary>The gradients of a layer's active weights.</summary>
    public ArrayView<float> Values(int layer, int count) => _values[layer].Of(count);

    /// <summary>The gradients of a layer's biases.</summary>
    public ArrayView<float> Bias(int layer, int count) => _biases[layer].Of(count);

    /// <summary>Enqueues a forward pass, and keeps each layer's input, and what its activation takes where that hides its slope.</summary>
    public void Forward(GpuLayer[] layers, GpuTransforms transforms, ArrayView<float> input, ArrayView<float> output, int batch, Layout layout)
    {
        var stride = DeviceModel.StrideOf(batch);
        transforms.Enter(_stream, input, Panel(0, stride), _model.InFeatures, batch, stride, layout);
        for (var i = 0; i < layers.Length; i++)
        {
            var (x, y, gradients) = (Panel(i, stride), Panel(i + 1, stride), layers[i].Gradients);
            if (gradients.Preactivation is { } product)
            {
                var kept = Kept(layers, i, stride);
                product.Run(_stream, x, kept, stride);
                gradients.Elementwise!.Apply(_stream, kept, y, _model.Layers[i].OutFeatures * stride);
            }
            else
            {
                layers[i].Forward.Run(_stream, x, y, stride);
            }
        }

        transforms.Leave(_stream, Panel(layers.Length, stride), output, _model.OutFeatures, batch, stride, layout);
    }

    /// <summary>Enqueues all gradients of the last forward pass; those of the inputs only where there is room for them.</summary>
    public void Backward(
        GpuLayer[] layers, GpuTransforms transforms, ArrayView<float> outputGradient, ArrayView<float> inputGradient, int batch, Layout layout)
    {
        var stride = DeviceModel.StrideOf(batch);
        var most = (long)Math.Max(_model.InFeatures, _model.Layers.Max(layer => layer.OutFeatures)) * stride;
        var (dz, dx) = (_first.Of(most), _second.Of(most));
        transforms.Enter(_stream, outputGradient, dz, _model.OutFeatures, batch, stride, layout);
        layers[^1].Gradients.Elementwise?.MultiplyBySlope(_stream, Kept(layers, layers.Length - 1, stride), dz, dz, _model.OutFeatures * stride);
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            var gradients = layers[i].Gradients;
            gradients.Weights.Weights(_stream, Panel(i, stride), dz, Values(i, layers[i].State.Weights.Nonzeros), batch, stride);
            if (_model.Layers[i].Bias)
            {
                gradients.Weights.Biases(_stream, dz, Bias(i, _model.Layers[i].OutFeatures), batch, stride);
            }

            if (i > 0 && layers[i - 1].Gradients.Elementwise is not null)
            {
                gradients.Input.Run(_stream, dz, Kept(layers, i - 1, stride), dx, stride);
            }
            else if (i > 0 || inputGradient.Length > 0)
            {
                gradients.Input.Run(_stream, dz, dx, stride);
            }

            (dz, dx) = (dx, dz);
        }

        if (inputGradient.Length > 0)
        {
            transforms.Leave(_stream, dz, inputGradient, _model.InFeatures, batch, stride, layout);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _panels.Concat(_preactivations).Concat(_values).Concat(_biases).Append(_first).Append(_second))
        {
            buffer.Dispose();
        }
    }

    private ArrayView<float> Panel(int index, int stride)
        => _panels[index].Of((long)(index == 0 ? _model.InFeatures : _model.Layers[index - 1].OutFeatures) * stride);

    /// <summary>From what the slope of a layer's activation is told.</summary>
    private ArrayView<float> Kept(GpuLayer[] layers, int index, int stride)
        => layers[index].Gradients.Preactivation is null ? Panel(index + 1, stride) : _preactivations[index].Of((long)_model.Layers[index].OutFeatures * stride);
}
