using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>A layer while a calibration runs it densely, and the sums over the samples so far.</summary>
internal sealed class CalibratedLayer
{
    private readonly TrainedLayer _layer;
    private readonly Tensor _mask;
    private readonly Tensor? _bias;
    private readonly Evidence _needs;
    private readonly int _sampleLimit;
    private readonly Dictionary<Evidence, Tensor> _sums = [];
    private readonly List<(float[] Inputs, float[] Gradients)> _batches = [];
    private Tensor _input;
    private Tensor _output;
    private long _samples;

    /// <param name="layer">The layer; it isn't touched.</param>
    /// <param name="needs">What to add up.</param>
    /// <param name="sampleLimit">Samples whose gradients are kept.</param>
    public CalibratedLayer(TrainedLayer layer, Evidence needs, int sampleLimit)
    {
        _layer = layer;
        _needs = needs;
        _sampleLimit = sampleLimit;
        var weight = layer.Weight;
        long[] shape = [layer.Layer.OutFeatures, layer.Layer.InFeatures];
        _mask = from_array(layer.ReadMask()).reshape(shape).to(weight.device);
        using var withoutGradient = no_grad();
        var dense = layer is SparseLinear ? from_array(layer.ReadWeights()).reshape(shape) : weight.detach();
        Weights = where(_mask, dense, zeros([], dtype: weight.dtype, device: weight.device)).requires_grad_();
        _bias = layer.Bias?.detach();
        (_input, Sum, _output) = (Weights, Weights, Weights);
    }

    /// <summary>The weights that it computes with, pruned ones 0: [out, in].</summary>
    public Tensor Weights { get; }

    /// <summary>What the activation took for the last batch: [batch, out].</summary>
    public Tensor Sum { get; private set; }

    /// <summary>Checks a batch for the first layer.</summary>
    /// <exception cref="ArgumentException">The shape or the type doesn't fit.</exception>
    public Tensor Checked(Tensor inputs)
    {
        var shape = inputs.shape;
        return shape.Length == 2 && shape[1] == _layer.Layer.InFeatures && inputs.dtype == Weights.dtype
            ? inputs.detach()
            : throw new ArgumentException(
                $"Layer '{_layer.Layer.Name}' is calibrated with inputs of shape [batch, {_layer.Layer.InFeatures}] and type {Weights.dtype}, but got [{string.Join(", ", shape)}] of type {inputs.dtype}.");
    }

    /// <summary>Runs a batch [batch, in], and keeps what belongs to it until the next.</summary>
    public Tensor Run(Tensor input)
    {
        _input = input;
        Sum = nn.functional.linear(input, Weights, _bias);
        _output = Activations.Apply(_layer.Layer, Sum);
        return _output;
    }

    /// <summary>Adds up what the last batch tells.</summary>
    /// <param name="gradient">dL_i/dz of its samples: [batch, out]; null where nothing needs it.</param>
    public void Add(Tensor? gradient)
    {
        var (x, y) = (_input, _output);
        Add(Evidence.InputNorms, () => (x * x).sum(0L));
        Add(Evidence.InputGram, () => x.t().matmul(x));
        Add(Evidence.OutputMeans, () => y.sum(0L));
        Add(Evidence.OutputGram, () => y.t().matmul(y));
        if (gradient is not null)
        {
            Add(Evidence.Gradient, () => gradient.t().matmul(x));
            Add(Evidence.SquaredGradient, () => (gradient * gradient).t().matmul(x * x));
            Add(Evidence.GradientGram, () => gradient.t().matmul(gradient));
            KeepSamples(x, gradient);
        }

        _samples += x.shape[0];
    }

    /// <summary>Adds up the Hessian times the gradient.</summary>
    /// <param name="product">Of the last batch, times its samples: [out, in].</param>
    public void AddHessianGradient(Tensor product) => Add(Evidence.HessianGradient, () => product);

    /// <summary>The mean gradient of the active weights: [out, in].</summary>
    public Tensor ActiveGradient(long samples)
    {
        using var withoutGradient = no_grad();
        return _sums[Evidence.Gradient] * _mask / samples;
    }

    /// <summary>What was measured.</summary>
    /// <param name="needs">What is wanted of it.</param>
    /// <param name="samples">The samples in the sums.</param>
    public LayerEvidence ToEvidence(Evidence needs, long samples)
    {
        using var withoutGradient = no_grad();
        return new LayerEvidence
        {
            Gradient = Mean(Evidence.Gradient),
            SquaredGradient = Mean(Evidence.SquaredGradient),
            SampleGradients = SampleGradients(),
            HessianGradient = Mean(Evidence.HessianGradient),
            InputNorms = needs.HasFlag(Evidence.InputNorms) ? TensorData.Floats(_sums[Evidence.InputNorms].sqrt()) : [],
            InputGram = Mean(Evidence.InputGram),
            GradientGram = Mean(Evidence.GradientGram),
            OutputMeans = Mean(Evidence.OutputMeans),
            OutputGram = Mean(Evidence.OutputGram),
        };

        float[] Mean(Evidence kind) => needs.HasFlag(kind) ? TensorData.Floats(_sums[kind] / samples) : [];
    }

    private void Add(Evidence kind, Func<Tensor> term)
    {
        if (!_needs.HasFlag(kind))
        {
            return;
        }

        if (_sums.TryGetValue(kind, out var sum))
        {
            sum.add_(term());
        }
        else
        {
            // It outlives the batch.
            _sums[kind] = term().clone().MoveToOuterDisposeScope();
        }
    }

    private void KeepSamples(Tensor x, Tensor gradient)
    {
        var count = Math.Min(x.shape[0], _sampleLimit - _samples);
        if (!_needs.HasFlag(Evidence.SampleGradients) || count <= 0)
        {
            return;
        }

        if ((_samples + count) * _layer.Layer.WeightCount > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Layer '{_layer.Layer.Name}': the gradients of {_samples + count} samples hold {_samples + count} x {_layer.Layer.WeightCount} numbers, more than one array can. "
                + $"Set {nameof(Calibration)}.{nameof(Calibration.SampleLimit)} to {Array.MaxLength / _layer.Layer.WeightCount} or less.");
        }

        _batches.Add((TensorData.Floats(x.narrow(0, 0, count)), TensorData.Floats(gradient.narrow(0, 0, count))));
    }

    /// <summary>Outer products of each sample's gradient and input, made when all are known: nothing else is as large.</summary>
    private float[] SampleGradients()
    {
        var columns = _layer.Layer.InFeatures;
        var all = new float[_batches.Sum(static batch => (long)batch.Gradients.Length) * columns];
        var at = 0;
        foreach (var (inputs, gradients) in _batches)
        {
            for (var i = 0; i < gradients.Length; i++, at += columns)
            {
                var input = inputs.AsSpan(i / _layer.Layer.OutFeatures * columns, columns);
                var row = all.AsSpan(at, columns);
                for (var column = 0; column < row.Length; column++)
                {
                    row[column] = gradients[i] * input[column];
                }
            }
        }

        return all;
    }
}
