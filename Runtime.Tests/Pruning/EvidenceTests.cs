using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>What criteria get from the updater, and what they may change.</summary>
public sealed class EvidenceTests
{
    private static readonly PruningTimeline Now = PruningTimeline.Rounds(1);
    private static readonly ModelDescriptor Model =
        Given.Model(null, Given.Layer("Fc1", 2, 3, new UnstructuredPattern(0.5)), Given.Layer("Fc2", 3, 2, new UnstructuredPattern(0.5)));

    public static TheoryData<Evidence> Kinds => [.. Enum.GetValues<Evidence>().Where(kind => kind is not Evidence.None and not Evidence.Flow)];

    [Fact]
    public void Needs_are_those_of_the_layers_that_are_due()
    {
        var late = new PruningTimeline(new LinearSchedule(), 5, 10, 5, 10);
        var plan = new PruningPlan([new LayerPruning(new SnipCriterion(), Now), new LayerPruning(new WandaCriterion(), late)], new ByHandBudget());
        var updater = new MaskUpdater(Model, plan);

        Assert.Equal([Evidence.Gradient, Evidence.None], updater.NeedsAt(1));
        // The schedule begins with nothing to prune.
        Assert.Equal([Evidence.None, Evidence.None], updater.NeedsAt(5));
        Assert.Equal([Evidence.None, Evidence.InputNorms], updater.NeedsAt(10));
        Assert.Equal([Evidence.None, Evidence.None], updater.NeedsAt(7));
        Assert.Equal([Evidence.None, Evidence.None], new MaskUpdater(Model, PruningPlan.Of(Model, new LayerPruning(new SynFlowCriterion(), Now))).NeedsAt(1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Missing_or_wrong_evidence_names_layer_criterion_and_kind(Evidence kind)
    {
        // 3 x 2, then 2 x 3.
        var right = new LayerEvidence
        {
            Gradient = new float[6],
            SquaredGradient = new float[6],
            SampleGradients = new float[30],
            HessianGradient = new float[6],
            Sensitivity = new float[6],
            Movement = new float[6],
            InputNorms = new float[2],
            InputGram = new float[4],
            GradientGram = new float[9],
            OutputMeans = new float[3],
            OutputGram = new float[9],
        };
        var second = right with { InputNorms = new float[3], InputGram = new float[9], GradientGram = new float[4], OutputMeans = new float[2], OutputGram = new float[4] };

        Assert.True(Update([right, second], out _));
        foreach (var wrong in new[] { LayerEvidence.None, Longer(second) })
        {
            var error = Assert.Throws<ArgumentException>(() => Update([right, wrong], out _));
            Assert.All(["'Fc2'", nameof(Asking), $"LayerEvidence.{kind}", "given are"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }

        Assert.Contains("evidence of 1", Assert.Throws<ArgumentException>(() => Update([right], out _)).Message, StringComparison.Ordinal);

        bool Update(LayerEvidence[] evidence, out bool[][] masks)
        {
            masks = Given.FullMasks(Model);
            bool[][] own = masks;
            var updater = new MaskUpdater(Model, PruningPlan.Of(Model, new LayerPruning(new Asking(kind), Now)));
            try
            {
                return updater.Update(1, [new float[6], new float[6]], Given.Memories(masks), evidence);
            }
            catch (ArgumentException)
            {
                Assert.All(own, mask => Assert.DoesNotContain(false, mask));
                throw;
            }
        }
    }

    [Fact]
    public void Without_evidence_the_error_names_what_is_missing()
    {
        var error = Assert.Throws<ArgumentException>(() => ModelPruner.PruneNow(Model, [new float[6], new float[6]], new SnipCriterion()));

        Assert.Contains("'Fc1': SnipCriterion needs LayerEvidence.Gradient, 3 x 2 numbers; given are 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_round_is_measured_anew()
    {
        var seen = new List<int>();
        var masks = ModelPruner.PruneInRounds(Model, [new float[] { 1, 2, 3, 4, 5, 6 }, new float[] { 6, 5, 4, 3, 2, 1 }], new SnipCriterion(), 2, given =>
        {
            seen.Add(given[0].Count(active => active));
            // The first round keeps the largest weights, the second those with the smallest.
            float[] gradient = seen.Count == 1 ? [1, 1, 1, 1, 1, 1] : [6, 5, 4, 3, 0.2f, 0.1f];
            return [new LayerEvidence { Gradient = gradient }, new LayerEvidence { Gradient = gradient }];
        });

        // 6 sqrt(1/2) = 4.24, then 3 of 6.
        Assert.Equal([6, 4], seen);
        Assert.Equal([false, false, true, true, true, false], masks[0]);
    }

    [Fact]
    public void Compensation_changes_weights_where_the_mask_changed()
    {
        var plan = PruningPlan.Of(Model, new LayerPruning(new Sum(), Now));
        float[][] weights = [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]];
        bool[][] masks = [[true, true, true, true, true, true], [true, true, true, false, false, false]];

        Assert.True(new MaskUpdater(Model, plan).Update(1, [.. weights.Select(w => w.AsMemory())], Given.Memories(masks), [LayerEvidence.None, LayerEvidence.None]));

        // What is pruned goes to the first weight that stays; the second layer has reached its target before.
        Assert.Equal([0, 0, 0, 10, 5, 6], weights[0]);
        Assert.Equal([6, 5, 4, 3, 2, 1], weights[1]);
        Assert.Equal([false, false, false, true, true, true], masks[0]);
    }

    [Fact]
    public void Compensation_that_fails_changes_nothing()
    {
        float[][] weights = [[1, 2, float.PositiveInfinity, 4, 5, 6], [6, 5, 4, 3, 2, 1]];
        var masks = Given.FullMasks(Model);
        var updater = new MaskUpdater(Model, PruningPlan.Of(Model, new LayerPruning(new Sum(), Now)));

        var error = Assert.Throws<ArgumentException>(
            () => updater.Update(1, [.. weights.Select(w => w.AsMemory())], Given.Memories(masks), [LayerEvidence.None, LayerEvidence.None]));

        Assert.All(["'Fc1'", nameof(Sum), "row"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.All(masks, mask => Assert.DoesNotContain(false, mask));
        Assert.Equal([6, 5, 4, 3, 2, 1], weights[1]);

        error = Assert.Throws<ArgumentException>(() => updater.Update(1, Given.Memories(weights), Given.Memories(masks)));
        Assert.Contains("'Fc1': Sum changes weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Permutations_need_a_criterion_of_weights_alone()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 8, 2, new NMPattern(2, 4)));

        var error = Assert.Throws<ArgumentException>(() => ModelPermutation.Permute(model, [new float[16]], [new float[2]], new SnipCriterion(), cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("'Fc1': SnipCriterion needs LayerEvidence.Gradient", error.Message, StringComparison.Ordinal);
    }

    private static LayerEvidence Longer(LayerEvidence evidence)
    {
        static float[] One(ReadOnlyMemory<float> numbers) => [.. numbers.ToArray(), 0];
        return new LayerEvidence
        {
            Gradient = One(evidence.Gradient),
            SquaredGradient = One(evidence.SquaredGradient),
            SampleGradients = One(evidence.SampleGradients),
            HessianGradient = One(evidence.HessianGradient),
            Sensitivity = One(evidence.Sensitivity),
            Movement = One(evidence.Movement),
            InputNorms = One(evidence.InputNorms),
            InputGram = One(evidence.InputGram),
            GradientGram = One(evidence.GradientGram),
            OutputMeans = One(evidence.OutputMeans),
            OutputGram = One(evidence.OutputGram),
        };
    }

    private sealed class Asking(Evidence needs) : ICriterion
    {
        public Evidence Needs => needs;

        public void Score(ScoreInput input, Span<float> scores) => scores.Clear();
    }

    /// <summary>The largest stay, and the first of them gets all that goes.</summary>
    private sealed class Sum : ICompensatingCriterion
    {
        public void Score(ScoreInput input, Span<float> scores)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                // An infinite weight goes first.
                scores[i] = float.IsFinite(input.Weights[i]) ? input.Weights[i] : -1;
            }
        }

        public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
        {
            var first = mask.IndexOf(true);
            for (var i = 0; i < weights.Length; i++)
            {
                if (input.Mask[i] && !mask[i])
                {
                    weights[first] += input.Weights[i];
                    weights[i] = 0;
                }
            }
        }
    }
}
