using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// SR-STE for N:M (Zhou et al. 2021, arXiv 2102.04010): f(w) = m w, where m marks the N largest |w| of every M, chosen anew at each forward pass. Its
/// gradient reaches every weight as if m were 1, and the penalty, decay / 2 times the sum of (1 - m) w^2, pulls those that are left out towards 0, so
/// that the choice settles: grad(w) = grad(f(w)) + decay (1 - m) w.
/// </summary>
public sealed class StraightThroughNM : Reparametrisation
{
    private readonly NMPattern _pattern;

    /// <summary>Prepares for an N:M layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="decay">The factor of the penalty.</param>
    /// <exception cref="ArgumentException">The layer isn't N:M.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is negative.</exception>
    public StraightThroughNM(MaskedLinear layer, double decay = 2e-4)
        : base(layer)
    {
        _pattern = Layer.Pattern as NMPattern
            ?? throw new ArgumentException($"Layer '{Layer.Name}' is declared {Layer.Pattern}, and {nameof(StraightThroughNM)} chooses N of every M weights: declare it N:M, or leave it out.", nameof(layer));
        Decay = Within(decay, 0, double.MaxValue, nameof(decay));
    }

    /// <summary>The factor of the penalty.</summary>
    public double Decay { get; }

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        // w + (m w - w) is m w exactly.
        return (weight + (where(Chosen(weight), weight, zeros_like(weight)) - weight).detach()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return (where(Chosen(weight), zeros_like(weight), weight).square().sum() * (Decay / 2)).MoveToOuterDisposeScope();
    }

    private Tensor Chosen(Tensor weight)
    {
        using var sizes = weight.detach().abs();
        return Highest.OfGroups(sizes, _pattern.N, _pattern.M);
    }
}
