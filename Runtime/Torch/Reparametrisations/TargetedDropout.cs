using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Targeted dropout (Gomez et al. 2019, arXiv 1905.13678): in training, the smallest weights of each output are dropped by chance, so that the network
/// learns to do without them. After <c>eval()</c> it computes with all; in the end the smallest are pruned.
/// </summary>
public sealed class TargetedDropout : Reparametrisation
{
    private readonly long _candidates;

    /// <summary>Prepares for an unstructured layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="share">The share gamma of each output's weights that may be dropped, and are pruned in the end; below 1.</param>
    /// <param name="rate">The probability alpha that one of them is dropped.</param>
    /// <exception cref="ArgumentException">The layer isn't unstructured.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TargetedDropout(MaskedLinear layer, double share, double rate)
        : base(layer)
    {
        RequireUnstructured();
        Share = Within(share, 0, 1, nameof(share));
        Rate = Within(rate, 0, 1, nameof(rate));
        // An output keeps a weight at least.
        _candidates = Math.Min(KernelGen.Pruning.Count.Nearest(share * Layer.InFeatures), Layer.InFeatures - 1);
    }

    /// <summary>The share of each output's weights that may be dropped.</summary>
    public double Share { get; }

    /// <summary>The probability that one of them is.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (!training)
        {
            return weight.alias();
        }

        using var scope = NewDisposeScope();
        var dropped = Candidates(weight).logical_and(rand_like(weight).lt(Rate));
        return where(dropped, zeros_like(weight), weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Weight, Tensor Mask) Final(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var mask = Candidates(weight).logical_not().logical_and(Mask);
        return (where(mask, weight, zeros_like(weight)).MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    private Tensor Candidates(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return Highest.OfRows(-weight.detach().abs(), _candidates).MoveToOuterDisposeScope();
    }
}
