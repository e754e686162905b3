using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Soft movement pruning (Sanh et al. 2020, arXiv 2005.07683, section 4): f(w) = w m, where m is 1 for sigmoid(s) above a threshold, and 0 for others. The
/// gradient passes m as if it were s: grad(s) = grad(f(w)) w, so that the score of a weight that moves away from 0 rises; that of a pruned one goes on,
/// and it can come back. The penalty, strength times the sum of sigmoid(s), lowers all scores. Its parameter is <c>scores</c> [down, across]: s of each unit.
/// </summary>
/// <remarks>
/// As in the authors' program, the threshold is one of sigmoid(s), and scores begin above it: all weights are active at first. The penalty is the
/// paper's, a sum over weights as that of <see cref="HardConcrete"/>: a unit counts for each active weight that it has. How many weights stay is left to
/// the strength; <see cref="Ramp"/> raises it from 0. Weight decay draws scores towards 0, which is above most thresholds: give them a group of
/// parameters without.
/// </remarks>
public sealed class SoftMovement : Reparametrisation
{
    private readonly WeightUnits _units;

    /// <summary>Prepares for a layer of blocks, or an unstructured one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="strength">The factor of the penalty.</param>
    /// <param name="threshold">The sigmoid(s) at which a unit is pruned; between 0 and 1.</param>
    /// <param name="initial">What scores begin with; its sigmoid lies above the threshold.</param>
    /// <param name="unit">Which weights share a score.</param>
    /// <exception cref="ArgumentException">The layer is N:M.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or scores would begin at the threshold or below it.</exception>
    public SoftMovement(MaskedLinear layer, double strength, double threshold = 0.1, double initial = 0, PruningUnit unit = PruningUnit.Pattern)
        : base(layer)
    {
        if (Layer.Pattern is NMPattern)
        {
            RequireUnstructured();
        }

        Strength = Within(strength, 0, double.MaxValue, nameof(strength));
        Threshold = Within(threshold, 1e-6, 1 - 1e-6, nameof(threshold));
        Within(initial, -100, 100, nameof(initial));
        if (initial <= Cut)
        {
            throw new ArgumentOutOfRangeException(
                nameof(initial), initial, FormattableString.Invariant($"Layer '{Layer.Name}' would begin with every weight pruned: scores begin above {Cut:0.###}, whose sigmoid is the threshold, {threshold}."));
        }

        _units = new WeightUnits(Layer, unit);
        var weight = layer.Weight;
        register_parameter("scores", new Parameter(full(_units.Shape, initial, weight.dtype, weight.device).DetachFromDisposeScope()));
    }

    /// <summary>The factor of the penalty.</summary>
    public double Strength { get; }

    /// <summary>The sigmoid(s) at which a unit is pruned.</summary>
    public double Threshold { get; }

    /// <summary>How far each unit has moved: [down, across].</summary>
    public Parameter Scores => get_parameter("scores")!;

    // The score at the threshold.
    private double Cut => Math.Log(Threshold / (1 - Threshold));

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var scores = Scores;
        // s - s is 0 exactly.
        return (weight * _units.Spread(scores.gt(Cut).to(weight.dtype) + (scores - scores.detach()))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return ((Scores.sigmoid() * _units.Sum(Mask.to(weight.dtype))).sum() * Strength).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Weight, Tensor Mask) Final(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var mask = _units.Spread(Scores.gt(Cut)).logical_and(Mask);
        return (where(mask, weight, zeros_like(weight)).MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }
}
