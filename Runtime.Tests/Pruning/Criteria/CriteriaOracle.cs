using KernelGen.Pruning;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Criteria written down once more: in double precision, unit by unit, from a table of what each weight has.</summary>
internal static class CriteriaOracle
{
    /// <summary>All that is known of a weight.</summary>
    public sealed record Weight(int Row, int Column, double Value, double Gradient, double Squared, double Hessian, double Sensitivity, double Movement);

    /// <summary>A unit's score.</summary>
    public static double Score(ICriterion criterion, IReadOnlyCollection<Weight> unit, LayerEvidence evidence) => criterion switch
    {
        MagnitudeCriterion => unit.Sum(w => Math.Abs(w.Value)),
        SnipCriterion => unit.Sum(w => Math.Abs(w.Gradient * w.Value)),
        TaylorCriterion => Math.Pow(unit.Sum(w => w.Gradient * w.Value), 2),
        GraspCriterion => -unit.Sum(w => -w.Value * w.Hessian),
        FisherCriterion => unit.Sum(w => w.Squared * w.Value * w.Value) / 2,
        FirstOrderCriterion => unit.Sum(w => w.Sensitivity),
        MovementCriterion => unit.Sum(w => w.Movement),
        WandaCriterion => unit.Sum(w => Math.Abs(w.Value) * evidence.InputNorms.Span[w.Column]),
        _ => throw new ArgumentOutOfRangeException(nameof(criterion)),
    };
}
