using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

/// <summary>
/// What criteria say of a module's weights as they are now, in double precision by the formulas of their papers: dense products and torch's derivatives,
/// with nothing of calibrations, criteria and masks.
/// </summary>
internal sealed class DenseScores
{
    private readonly LayerDescriptor[] _layers;
    private readonly Tensor[] _weights;
    private readonly Tensor?[] _biases;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;

    public DenseScores(SparseModule module, Tensor inputs, Tensor targets)
    {
        _layers = [.. module.Layers.Select(layer => layer.Layer)];
        Masks = [.. module.Layers.Select(layer => layer.ReadMask())];
        _weights = [.. module.Layers.Select((layer, l) => Values.AsTensor([.. layer.ReadWeights().Zip(Masks[l], (w, m) => m ? w : 0)], layer.Layer.OutFeatures, layer.Layer.InFeatures)
            .to(ScalarType.Float64).requires_grad_())];
        _biases = [.. module.Layers.Select(layer => layer.Bias?.detach().to(ScalarType.Float64))];
        (_inputs, _targets) = (inputs.to(ScalarType.Float64), targets);
    }

    /// <summary>The masks as they are now.</summary>
    public bool[][] Masks { get; }

    /// <summary>The score of each weight, and what the score of a unit is where it isn't their sum: its square.</summary>
    public (double[][] Weights, bool SquaresSums) Of(ICriterion criterion) => criterion switch
    {
        SnipCriterion => (Read((w, g) => (w * g).abs(), Gradients(_inputs, _targets)), false),
        TaylorCriterion => (Read((w, g) => w * g, Gradients(_inputs, _targets)), true),
        GraspCriterion => (Read((w, product) => w * product, HessianTimesGradient()), false),
        FisherCriterion => (Read((w, f) => w * w * f / 2, SquaredGradients()), false),
        WandaCriterion => (Read((w, norms) => w.abs() * norms, Norms()), false),
        _ => throw new ArgumentOutOfRangeException(nameof(criterion)),
    };

    private double[][] Read(Func<Tensor, Tensor, Tensor> score, Tensor[] evidence)
        => [.. _weights.Zip(evidence, (weight, own) => TensorData.Read<double>(score(weight, own).detach(), ScalarType.Float64))];

    private Tensor[] Gradients(Tensor x, Tensor t, bool graph = false)
        => [.. autograd.grad([nn.functional.cross_entropy(Run(x)[^1], t)], _weights, retain_graph: graph, create_graph: graph)];

    private Tensor[] SquaredGradients()
    {
        var samples = Enumerable.Range(0, (int)_inputs.shape[0]).Select(i => Gradients(_inputs.narrow(0, i, 1), _targets.narrow(0, i, 1))).ToArray();
        return [.. _weights.Select((_, l) => samples.Select(sample => sample[l].square()).Aggregate((a, b) => a + b) / samples.Length)];
    }

    private Tensor[] HessianTimesGradient()
    {
        var gradients = Gradients(_inputs, _targets, graph: true);
        // Only active weights are variables.
        var squares = gradients.Select((g, l) => (g * g.detach() * tensor(Masks[l]).reshape(g.shape).to(ScalarType.Float64)).sum()).Aggregate((a, b) => a + b);
        return [.. autograd.grad([squares], _weights)];
    }

    private Tensor[] Norms()
    {
        var activations = Run(_inputs);
        return [.. _weights.Select((_, l) => activations[l].square().sum([0L]).sqrt().unsqueeze(0))];
    }

    // The inputs of each layer, and behind them the model's outputs.
    private Tensor[] Run(Tensor x)
    {
        List<Tensor> activations = [x];
        for (var l = 0; l < _layers.Length; l++)
        {
            var z = activations[^1].matmul(_weights[l].t());
            z = _biases[l] is { } bias ? z + bias : z;
            activations.Add(_layers[l].Activation switch
            {
                Activation.None => z,
                Activation.Relu => where(z.gt(0), z, zeros_like(z)),
                Activation.LeakyRelu => where(z.gt(0), z, z * (double)_layers[l].NegativeSlope),
                Activation.Tanh => ((z * 2).exp() - 1) / ((z * 2).exp() + 1),
                Activation.Silu => z / (1 + (-z).exp()),
                var other => throw new NotSupportedException($"{other}"),
            });
        }

        return [.. activations];
    }
}
