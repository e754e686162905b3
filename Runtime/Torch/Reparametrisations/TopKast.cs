using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Top-KAST (Jayakumar et al. 2020, arXiv 2106.03517): the layer computes with the set A of the largest weights, and gradients reach a larger set B of
/// them, so that weights of B beside A can grow into A. Both are chosen anew at each forward pass. The penalty is decay / 2 times
/// the sum of w^2 over A, plus that over B beside A divided by A's density, which makes weights earn their place.
/// </summary>
public sealed class TopKast : Reparametrisation
{
    private readonly WeightUnits _units;

    /// <summary>Prepares for a layer of blocks, or an unstructured one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="density">The share of its weights, or blocks, in A, above 0.</param>
    /// <param name="backwardDensity">The share in B, from that of A to 1.</param>
    /// <param name="decay">The factor of the penalty.</param>
    /// <exception cref="ArgumentException">The layer is N:M.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TopKast(MaskedLinear layer, double density, double backwardDensity, double decay = 1e-4)
        : base(layer)
    {
        if (Layer.Pattern is NMPattern)
        {
            RequireUnstructured();
        }

        Density = Within(density, double.Epsilon, 1, nameof(density));
        BackwardDensity = Within(backwardDensity, density, 1, nameof(backwardDensity));
        Decay = Within(decay, 0, double.MaxValue, nameof(decay));
        _units = new WeightUnits(Layer, PruningUnit.Pattern);
    }

    /// <summary>The share of weights, or blocks, that the layer computes with.</summary>
    public double Density { get; }

    /// <summary>The share that gradients reach.</summary>
    public double BackwardDensity { get; }

    /// <summary>The factor of the penalty.</summary>
    public double Decay { get; }

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var zero = zeros_like(weight);
        var backward = where(Largest(weight, BackwardDensity), weight, zero);
        var forward = where(Largest(weight, Density), weight, zero);
        // w + (0 - w) is 0 exactly.
        return (backward + (forward - backward).detach()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var zero = zeros_like(weight);
        var (forward, backward) = (Largest(weight, Density), Largest(weight, BackwardDensity));
        var squares = weight.square();
        var inside = where(forward, squares, zero).sum();
        var beside = where(backward.logical_and(forward.logical_not()), squares, zero).sum();
        return ((inside + (beside / Density)) * (Decay / 2)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Weight, Tensor Mask) Final(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var mask = Largest(weight, Density).logical_and(Mask);
        return (where(mask, weight, zeros_like(weight)).MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    /// <summary>The weights of the largest groups: bool [out, in].</summary>
    /// <exception cref="ArgumentException">A weight is NaN.</exception>
    internal Tensor Largest(Tensor weight, double density)
    {
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        var sizes = _units.Sum(weight.abs());
        try
        {
            return _units.Spread(Highest.Of(sizes, Math.Max(1, Count.Nearest(density * _units.Count)))).MoveToOuterDisposeScope();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Layer '{Layer.Name}': a weight is NaN, so that Top-KAST cannot rank them. The run has diverged: restore the weights from before.", e);
        }
    }
}
