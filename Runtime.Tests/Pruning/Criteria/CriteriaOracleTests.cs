using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Whole prunings by each criterion, beside a full sort of units that are scored by <see cref="CriteriaOracle"/>.</summary>
public sealed class CriteriaOracleTests
{
    public static TheoryData<ICriterion> Criteria =>
        [new MagnitudeCriterion(), new SnipCriterion(), new TaylorCriterion(), new GraspCriterion(), new FisherCriterion(), new FirstOrderCriterion(), new MovementCriterion()];

    [Theory]
    [MemberData(nameof(Criteria))]
    public void Every_criterion_ranks_units_of_every_kind(ICriterion criterion) => ForAll.Seeds(150, random =>
    {
        var layer = Given.Layer("Fc1", random.Next(1, 14), random.Next(1, 14), Given.RandomPattern(random));
        if (layer.Pattern is DensePattern)
        {
            return;
        }

        var unit = (PruningUnit)random.Next(3);
        var (weights, evidence) = Numbers(random, layer);
        if (criterion is TaylorCriterion)
        {
            // A square that is shared by three weights is a rounded sum: without ties, that doesn't matter.
            evidence = evidence with { Gradient = weights.Select(_ => random.NextSingle()).ToArray() };
        }

        var former = Given.Mask(random, weights.Length, 0.9);
        bool[] mask = [.. former];

        var pruning = new LayerPruning(criterion, PruningTimeline.Rounds(1)) { Unit = unit };
        var model = Given.Model(null, layer);
        new MaskUpdater(model, PruningPlan.Of(model, pruning)).Update(1, [weights], [mask.AsMemory()], [evidence]);

        Assert.Equal(Expected(layer, unit, weights, evidence, former, criterion), mask);
    });

    [Fact]
    public void Wanda_leaves_each_output_the_same_share_of_every_layer() => ForAll.Seeds(150, random =>
    {
        var sparsity = Math.Round(random.NextDouble() * 0.95, 2);
        var layer = Given.Layer("Fc1", random.Next(4, 14), random.Next(1, 14), new UnstructuredPattern(sparsity));
        var (weights, evidence) = Numbers(random, layer);

        var mask = ModelPruner.PruneInRounds(Given.Model(null, layer), [weights], new WandaCriterion(), 1, _ => [evidence])[0];

        var share = Math.Max(1, Oracle.Kept(sparsity, weights.Length)) / (double)layer.OutFeatures;
        for (var row = 0; row < layer.OutFeatures; row++)
        {
            var kept = Enumerable.Range(0, layer.InFeatures).Where(j => mask[(row * layer.InFeatures) + j]).ToHashSet();
            Assert.InRange(kept.Count, Math.Floor(share), Math.Ceiling(share));
            var best = Oracle.Top(
                Enumerable.Range(0, layer.InFeatures),
                j => MathF.Abs(weights[(row * layer.InFeatures) + j]) * evidence.InputNorms.Span[j],
                kept.Count);
            Assert.True(best.SetEquals(kept));
        }
    });

    private static bool[] Expected(
        LayerDescriptor layer, PruningUnit unit, float[] weights, LayerEvidence evidence, bool[] former, ICriterion criterion)
    {
        var (gradient, squared, hessian) = (evidence.Gradient.ToArray(), evidence.SquaredGradient.ToArray(), evidence.HessianGradient.ToArray());
        var (sensitivity, movement) = (evidence.Sensitivity.ToArray(), evidence.Movement.ToArray());
        var columns = layer.InFeatures;
        (int Rows, int Columns) block = layer.Pattern is BlockPattern pattern ? (pattern.Rows, pattern.Columns) : (1, 1);
        var isGrouped = layer.Pattern is NMPattern;
        (int, int) UnitOf(int i) => (isGrouped ? PruningUnit.Pattern : unit) switch
        {
            PruningUnit.Output => (i / columns / block.Rows, 0),
            PruningUnit.Input => (0, i % columns / block.Columns),
            _ => (i / columns / block.Rows, i % columns / block.Columns),
        };
        var all = Enumerable.Range(0, weights.Length).GroupBy(UnitOf).Select(group => group.ToArray()).ToArray();
        double ScoreOf(int[] members) => (float)CriteriaOracle.Score(
            criterion,
            [.. members.Where(i => former[i]).Select(i => new CriteriaOracle.Weight(
                i / columns, i % columns, weights[i], gradient[i], squared[i], hessian[i], sensitivity[i], movement[i]))],
            evidence);

        if (layer.Pattern is NMPattern nm)
        {
            float[] scores = [.. all.Select(members => (float)ScoreOf(members))];
            return Oracle.NM(scores, former, columns, nm.M, nm.N);
        }

        var alive = Enumerable.Range(0, all.Length).Where(u => all[u].Any(i => former[i]));
        var count = Math.Max(1, Oracle.Kept(layer.Pattern.TargetSparsity, all.Length));
        var kept = Oracle.Top(alive, u => ScoreOf(all[u]), count).SelectMany(u => all[u]).ToHashSet();
        return [.. former.Select((active, i) => active && kept.Contains(i))];
    }

    /// <summary>Numbers with few bits, so that sums and products are exact in any order, and ties are common.</summary>
    private static (float[] Weights, LayerEvidence Evidence) Numbers(Random random, LayerDescriptor layer)
    {
        float[] Some() => [.. Enumerable.Range(0, (int)layer.WeightCount).Select(_ => random.Next(-6, 7) * 0.25f)];
        float[] Positive() => [.. Some().Select(MathF.Abs)];
        return (Some(), new LayerEvidence
        {
            Gradient = Some(),
            SquaredGradient = Positive(),
            HessianGradient = Some(),
            Sensitivity = Positive(),
            Movement = Some(),
            InputNorms = Enumerable.Range(0, layer.InFeatures).Select(_ => random.Next(0, 9) * 0.25f).ToArray(),
        });
    }
}
