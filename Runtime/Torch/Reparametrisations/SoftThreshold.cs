using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// STR (Kusupati et al. 2020, arXiv 2002.03231): f(w) = sign(w) ReLU(|w| - sigmoid(s)). The threshold is learned; weight decay on s, towards 0, raises
/// it. Its parameter is <c>s</c>: a number, or [out, 1].
/// </summary>
public sealed class SoftThreshold : Reparametrisation
{
    /// <summary>Prepares for an unstructured layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="initial">What s begins with: low, so that nothing is pruned at first.</param>
    /// <param name="decay">The penalty is decay / 2 times the sum of s^2; 0 where the optimiser's own weight decay covers s.</param>
    /// <param name="perOutput">Whether each output has its own threshold.</param>
    /// <exception cref="ArgumentException">The layer isn't unstructured.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is negative.</exception>
    public SoftThreshold(MaskedLinear layer, double initial = -10, double decay = 0, bool perOutput = false)
        : base(layer)
    {
        RequireUnstructured();
        Decay = Within(decay, 0, double.MaxValue, nameof(decay));
        var weight = layer.Weight;
        register_parameter("s", new Parameter(full(perOutput ? [Layer.OutFeatures, 1] : [], initial, weight.dtype, weight.device).DetachFromDisposeScope()));
    }

    /// <summary>The factor of the penalty.</summary>
    public double Decay { get; }

    /// <summary>What the thresholds are the sigmoid of.</summary>
    public Parameter S => get_parameter("s")!;

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return (weight.sign() * (weight.abs() - S.sigmoid()).relu()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return Decay > 0 ? (S.square().sum() * (Decay / 2)).MoveToOuterDisposeScope() : null;
    }
}
