using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Measures, on some batches, what criteria of pruning need beside the weights (<see cref="LayerEvidence"/>). It computes with a module's weights
/// and masks, by torch's own dense products, in both modes; module, gradients, mode, optimiser and torch's random state on the processor stay as they are.
/// </summary>
public sealed class Calibration
{
    /// <summary>What it can measure; the rest is added up by the steps of training (<see cref="Pruner"/>), or follows from weights alone.</summary>
    internal const Evidence Measurable = ~(Evidence.Sensitivity | Evidence.Movement | Evidence.Flow);

    private const Evidence OfGradients =
        Evidence.Gradient | Evidence.SquaredGradient | Evidence.SampleGradients | Evidence.HessianGradient | Evidence.GradientGram;

    private readonly IEnumerable<(Tensor Inputs, Tensor Targets)> _batches;
    private readonly Func<Tensor, Tensor, Tensor> _loss;

    /// <summary>Prepares to measure.</summary>
    /// <param name="batches">
    /// Inputs [batch, in] of the weights' type and on their device, and targets; gone through once for a measurement, twice for
    /// <see cref="Evidence.HessianGradient"/>, where it must give the same again.
    /// </param>
    /// <param name="loss">
    /// The loss of the model's outputs [batch, out] for the targets: one number, the mean over the samples of the batch. Cross entropy
    /// unless given.
    /// </param>
    public Calibration(IEnumerable<(Tensor Inputs, Tensor Targets)> batches, Func<Tensor, Tensor, Tensor>? loss = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        _batches = batches;
        _loss = loss ?? (static (outputs, targets) => nn.functional.cross_entropy(outputs, targets));
    }

    /// <summary>
    /// Samples whose gradients are kept one by one, at least 1: the first of the batches; 1024 unless set. They take 4 bytes times
    /// samples times weights of the layer. All else is measured on all samples.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies below 1.</exception>
    public int SampleLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(SampleLimit));
            field = value;
        }
    } = 1024;

    /// <summary>Measures the same for every layer of a module.</summary>
    /// <param name="module">The module, with its weights and masks as they are.</param>
    /// <param name="needs">What to measure.</param>
    /// <returns>For every layer, in order.</returns>
    /// <exception cref="ArgumentException">There is no batch, a batch or the loss doesn't fit, or something is asked for that isn't measured on batches.</exception>
    public IReadOnlyList<LayerEvidence> Measure(SparseModule module, Evidence needs)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        return Measure(module, [.. module.Layers.Select(_ => needs)]);
    }

    /// <summary>Measures for each layer what its criterion needs.</summary>
    /// <param name="module">The module, with its weights and masks as they are.</param>
    /// <param name="needs">What to measure for each layer, in order (<see cref="MaskUpdater.NeedsAt"/>).</param>
    /// <returns>For every layer, in order.</returns>
    /// <exception cref="ArgumentException">There is no batch, a batch or the loss doesn't fit, or something is asked for that isn't measured on batches.</exception>
    public IReadOnlyList<LayerEvidence> Measure(SparseModule module, IReadOnlyList<Evidence> needs)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(needs);
        Check(module, needs);
        if (needs.All(static need => need == Evidence.None))
        {
            return [.. needs.Select(static _ => LayerEvidence.None)];
        }

        using var scope = NewDisposeScope();
        using var withGradient = enable_grad();
        var randomState = random.get_rng_state();
        try
        {
            var needsHessian = needs.Any(static need => need.HasFlag(Evidence.HessianGradient));
            // The product needs the gradient of the whole model.
            CalibratedLayer[] layers =
                [.. module.Layers.Select((layer, i) => new CalibratedLayer(layer, needsHessian ? needs[i] | Evidence.Gradient : needs[i], SampleLimit))];
            var samples = Pass(layers, MeasureBatch);
            if (needsHessian)
            {
                var directions = layers.Select(layer => layer.ActiveGradient(samples)).ToArray();
                Pass(layers, (outputs, targets, count) => AddHessian(layers, directions, outputs, targets, count));
            }

            return [.. layers.Select((layer, i) => layer.ToEvidence(needs[i], samples))];

            void MeasureBatch(Tensor outputs, Tensor targets, long count)
            {
                var gradients = needs.Any(static need => (need & OfGradients) != 0)
                    ? autograd.grad([Loss(outputs, targets)], [.. layers.Select(static layer => layer.Sum)])
                    : null;
                using var withoutGradient = no_grad();
                for (var i = 0; i < layers.Length; i++)
                {
                    // The batch's loss is a mean: a sample's own gradient is as many times larger.
                    layers[i].Add(gradients is null ? null : gradients[i] * count);
                }
            }
        }
        finally
        {
            random.set_rng_state(randomState);
        }
    }

    /// <summary>Runs all batches through the layers.</summary>
    /// <returns>The number of samples.</returns>
    private long Pass(CalibratedLayer[] layers, Action<Tensor, Tensor, long> measure)
    {
        var samples = 0L;
        foreach (var (inputs, targets) in _batches)
        {
            using var scope = NewDisposeScope();
            var activations = layers[0].Checked(inputs);
            foreach (var layer in layers)
            {
                activations = layer.Run(activations);
            }

            measure(activations, targets, inputs.shape[0]);
            samples += inputs.shape[0];
        }

        return samples > 0 ? samples : throw new ArgumentException("A calibration needs at least one sample: its batches hold none. If they are an iterator, it may have been used up.");
    }

    private void AddHessian(CalibratedLayer[] layers, Tensor[] directions, Tensor outputs, Tensor targets, long count)
    {
        Tensor[] weights = [.. layers.Select(static layer => layer.Weights)];
        var gradients = autograd.grad([Loss(outputs, targets)], weights, retain_graph: true, create_graph: true);
        var product = gradients.Zip(directions, static (gradient, direction) => (gradient * direction).sum()).Aggregate(static (a, b) => a + b);
        // Where the loss is linear in the weights there is nothing to differentiate.
        var products = autograd.grad([weights.Aggregate(product, DependingOn)], weights);
        using var withoutGradient = no_grad();
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i].AddHessianGradient(products[i] * count);
        }
    }

    private Tensor Loss(Tensor outputs, Tensor targets)
    {
        var loss = _loss(outputs, targets);
        if (loss.NumberOfElements != 1)
        {
            throw new ArgumentException($"The loss of a calibration must be one number, the mean over the samples; it has the shape [{string.Join(", ", loss.shape)}].");
        }

        return loss.requires_grad
            ? DependingOn(loss.sum(), outputs)
            : throw new ArgumentException("The loss of a calibration has no gradient: compute it from the outputs that it is given, by functions of torch, and detach nothing.");
    }

    /// <summary>The same number, with a gradient of 0: what autograd is asked for and doesn't find ends the process.</summary>
    private static Tensor DependingOn(Tensor number, Tensor tensor)
        => number + tensor.masked_fill(ones_like(tensor, dtype: ScalarType.Bool), 0).sum();

    private static void Check(SparseModule module, IReadOnlyList<Evidence> needs)
    {
        if (needs.Count != module.Layers.Count)
        {
            throw new ArgumentException($"Model {module.Model.Name} has {module.Layers.Count} layers, but needs of {needs.Count} were given.", nameof(needs));
        }

        for (var i = 0; i < needs.Count; i++)
        {
            if ((needs[i] & ~Measurable) is not Evidence.None and var other)
            {
                throw new ArgumentException(
                    $"Layer '{module.Layers[i].Layer.Name}': {other} isn't measured on batches. A Pruner adds up Sensitivity and Movement while it trains; a MaskUpdater computes Flow.",
                    nameof(needs));
            }
        }
    }
}
