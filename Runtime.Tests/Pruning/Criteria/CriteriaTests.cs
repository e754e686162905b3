using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Scores of the case of 3 x 4, computed by hand.</summary>
public sealed class CriteriaTests
{
    // |w|
    [Fact]
    public void Magnitude_scores_the_size() => Assert.Equal(
        [1, 2, 3, 0.5f, 1, 2, 0.5f, 4, 2, 0, 3, 1],
        Case3x4.Score(new MagnitudeCriterion(), LayerEvidence.None));

    // SplitMix64 as its authors print it: the state of a stream that the seed and the letters F, c and 1 begin; the upper 24 bits of each number.
    [Fact]
    public void Random_scores_are_numbers_of_SplitMix64()
    {
        static ulong Next(ulong state)
        {
            var z = state + 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }

        // The reference implementation's first number of the seed 0.
        Assert.Equal(0xE220A8397B1DCDAFUL, Next(0));
        var start = "Fc1".Aggregate(Next(5), (state, letter) => Next(state ^ letter));
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => Case3x4.Mask[i] ? (Next(start + (ulong)i) >> 40) / 16777216f : 0),
            Case3x4.Score(new RandomCriterion(5), LayerEvidence.None));
    }

    // |g w|
    [Fact]
    public void Snip_scores_the_size_of_gradient_times_weight() => Assert.Equal(
        [0.5f, 2, 3, 1, 2, 1, 2, 1, 2, 0, 1.5f, 2],
        Case3x4.Score(new SnipCriterion(), new LayerEvidence { Gradient = Case3x4.Numbers }));

    // (g w)^2
    [Fact]
    public void Taylor_scores_single_weights_by_the_square() => Assert.Equal(
        [0.25f, 4, 9, 1, 4, 1, 4, 1, 4, 0, 2.25f, 4],
        Case3x4.Score(new TaylorCriterion(), new LayerEvidence { Gradient = Case3x4.Numbers }));

    // Row 0: 0.5 - 2 - 3 + 1 = -3.5, squared 12.25, a quarter of it for each of four weights. Row 1: -4, 16, 4 each. Row 2: 2.5, 6.25 for three.
    [Fact]
    public void Taylor_scores_outputs_by_the_square_of_the_sum()
    {
        var scores = Case3x4.Score(new TaylorCriterion(), new LayerEvidence { Gradient = Case3x4.Numbers }, new BlockGrid(3, 4, 1, 4));

        Assert.Equal([3.0625f, 3.0625f, 3.0625f, 3.0625f, 4, 4, 4, 4], scores[..8]);
        Assert.Equal(6.25f, scores[8..].Sum(), 6);
        Assert.Equal(scores[8], scores[11]);
    }

    // 0.5 - 2 - 2 - 1 = -4.5 and -3 + 1 - 2 + 1 = -3 above; the cut blocks 2 (one weight is pruned) and 0.5 below.
    [Fact]
    public void Taylor_scores_blocks_by_the_square_of_the_sum() => Assert.Equal(
        [5.0625f, 5.0625f, 2.25f, 2.25f, 5.0625f, 5.0625f, 2.25f, 2.25f, 4, 0, 0.125f, 0.125f],
        Case3x4.Score(new TaylorCriterion(), new LayerEvidence { Gradient = Case3x4.Numbers }, new BlockGrid(3, 4, 2, 2)));

    // Where products cancel, Taylor prunes the output that SNIP keeps: 1 - 1 against 0.4 + 0.4.
    [Fact]
    public void Taylor_and_Snip_rank_outputs_differently()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 2, 2, new UnstructuredPattern(0.5)));
        LayerEvidence[] evidence = [new LayerEvidence { Gradient = new float[] { 1, -1, 0.4f, 0.4f } }];

        bool[] Prune(ICriterion criterion)
        {
            var masks = Given.FullMasks(model);
            var pruning = new LayerPruning(criterion, PruningTimeline.Rounds(1)) { Unit = PruningUnit.Output };
            new MaskUpdater(model, PruningPlan.Of(model, pruning)).Update(1, [new float[] { 1, 1, 1, 1 }], Given.Memories(masks), evidence);
            return masks[0];
        }

        Assert.Equal([false, false, true, true], Prune(new TaylorCriterion()));
        Assert.Equal([true, true, false, false], Prune(new SnipCriterion()));
    }

    // The paper scores -w (H g), and removes the highest: 3, that of the weight 3 with -1.
    [Fact]
    public void Grasp_prunes_the_highest_of_the_paper_s_scores()
    {
        Assert.Equal(Case3x4.Products, Case3x4.Score(new GraspCriterion(), new LayerEvidence { HessianGradient = Case3x4.Numbers }));

        var model = Given.Model(null, Case3x4.Layer with { Pattern = new UnstructuredPattern(1 / 12.0) });
        var masks = ModelPruner.PruneInRounds(
            model, [Case3x4.Weights], new GraspCriterion(), 1, _ => [new LayerEvidence { HessianGradient = Case3x4.Numbers }]);
        Assert.Equal([2], masks[0].Index().Where(weight => !weight.Item).Select(weight => weight.Index));
    }

    [Fact]
    public void First_order_and_movement_score_what_training_added_up()
    {
        var evidence = new LayerEvidence { Sensitivity = Case3x4.Products.Select(MathF.Abs).ToArray(), Movement = Case3x4.Products };

        Assert.Equal([0.5f, 2, 3, 1, 2, 1, 2, 1, 2, 0, 1.5f, 2], Case3x4.Score(new FirstOrderCriterion(), evidence));
        Assert.Equal(Case3x4.Products, Case3x4.Score(new MovementCriterion(), evidence));
    }

    // F w^2 / 2, for F = 1 2 3 4 / 2 1 0.5 0.25 / 1 1 1 2 and w^2 = 1 4 9 0.25 / 1 4 0.25 16 / 4 1 9 1
    [Fact]
    public void Fisher_scores_half_of_curvature_times_square() => Assert.Equal(
        [0.5f, 4, 13.5f, 0.5f, 1, 2, 0.0625f, 2, 2, 0, 4.5f, 1],
        Case3x4.Score(new FisherCriterion(), new LayerEvidence { SquaredGradient = new float[] { 1, 2, 3, 4, 2, 1, 0.5f, 0.25f, 1, 1, 1, 2 } }));

    // Norms 2 1 0.5 4. Each output keeps its best two; over the layer the first would keep three of the six.
    [Fact]
    public void Wanda_scores_by_norms_and_compares_within_an_output()
    {
        var evidence = new LayerEvidence { InputNorms = new float[] { 2, 1, 0.5f, 4 } };
        Assert.Equal([2, 2, 1.5f, 2, 2, 2, 0.25f, 16, 4, 0, 1.5f, 4], Case3x4.Score(new WandaCriterion(), evidence));

        var masks = ModelPruner.PruneInRounds(Given.Model(null, Case3x4.Layer), [Case3x4.Weights], new WandaCriterion(), 1, _ => [evidence]);
        Assert.Equal([true, true, false, false, true, false, false, true, true, false, false, true], masks[0]);
    }

    // Under a competing budget, too: layers of 4 and 8 inputs, the second with far greater norms.
    [Fact]
    public void Wanda_leaves_outputs_of_all_layers_the_same_share()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, Budget: Budget.Global, Sparsity: 0.75);
        var model = Given.Model(settings, Given.Layer("Fc1", 4, 3, new UnstructuredPattern(0)), Given.Layer("Fc2", 8, 2, new UnstructuredPattern(0)));
        float[] four = [1, 2, 3, 4, 4, 3, 2, 1, 9, 9, 9, 8];
        float[] eight = [.. Enumerable.Range(0, 16).Select(i => (float)i)];

        var masks = ModelPruner.PruneInRounds(model, [four, eight], new WandaCriterion(), 1, _ =>
            [new LayerEvidence { InputNorms = new float[] { 1, 1, 1, 1 } }, new LayerEvidence { InputNorms = Enumerable.Repeat(100f, 8).ToArray() }]);

        Assert.Equal([3, 4, 8], masks[0].Index().Where(weight => weight.Item).Select(weight => weight.Index));
        Assert.Equal([6, 7, 14, 15], masks[1].Index().Where(weight => weight.Item).Select(weight => weight.Index));
    }

    // Roots of the mean squares 4, 9 and 1, shared by four, four and three weights.
    [Fact]
    public void Activity_scores_outputs_by_their_root_mean_square()
    {
        var gram = new float[] { 4, 0, 0, 0, 9, 0, 0, 0, 1 };
        var scores = Case3x4.Score(new ActivityCriterion(), new LayerEvidence { OutputGram = gram });

        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.75f, 0.75f, 0.75f, 0.75f], scores[..8]);
        Assert.Equal([1 / 3f, 0, 1 / 3f, 1 / 3f], scores[8..]);
    }

    // Over four samples y0 = 1 2 3 4, y1 = 2 y0 + 1 and y2 = 1 -1 -1 1: variances 1.25, 5 and 1; y0 and y1 say the same, y2 something else.
    [Fact]
    public void Correlation_scores_an_output_that_another_tells_lowest()
    {
        var evidence = new LayerEvidence { OutputMeans = new float[] { 2.5f, 6, 0 }, OutputGram = new float[] { 7.5f, 17.5f, 0, 17.5f, 41, 0, 0, 0, 1 } };
        var scores = Case3x4.Score(new CorrelationCriterion(), evidence);

        Assert.All(scores[..4], score => Assert.Equal(0, score, 6));
        Assert.Equal(1, scores[4..8].Sum(), 6);
        Assert.Equal(1, scores[8..].Sum(), 6);
    }

    // Means, roots and Pearson's r from the samples themselves, two passes in double precision.
    [Fact]
    public void Activity_and_correlation_are_those_of_the_samples() => ForAll.Seeds(50, random =>
    {
        var (outputs, samples) = (random.Next(2, 7), random.Next(5, 40));
        var layer = Given.Layer("Fc1", 1, outputs, new UnstructuredPattern(0.5));
        double[][] y = [.. Enumerable.Range(0, outputs).Select(_ => Enumerable.Range(0, samples).Select(_ => random.NextDouble() - 0.3).ToArray())];
        var evidence = new LayerEvidence
        {
            OutputMeans = y.Select(own => (float)own.Average()).ToArray(),
            OutputGram = y.SelectMany(a => y.Select(b => (float)a.Zip(b, (x, z) => x * z).Average())).ToArray(),
        };
        float[] Score(ICriterion criterion)
        {
            var scores = new float[outputs];
            criterion.Score(new ScoreInput { Layer = layer, Weights = new float[outputs], Mask = Enumerable.Repeat(true, outputs).ToArray(), Evidence = evidence }, scores);
            return scores;
        }

        double Variance(double[] own) => own.Average(x => (x - own.Average()) * (x - own.Average()));
        double Pearson(double[] a, double[] b) => a.Zip(b, (x, z) => (x - a.Average()) * (z - b.Average())).Average() / Math.Sqrt(Variance(a) * Variance(b));
        var (activity, correlation) = (Score(new ActivityCriterion()), Score(new CorrelationCriterion()));
        for (var i = 0; i < outputs; i++)
        {
            Assert.Equal(Math.Sqrt(y[i].Average(x => x * x)), activity[i], 1e-5);
            var others = y.Where(other => Variance(other) > Variance(y[i])).Select(other => Math.Abs(Pearson(y[i], other)));
            Assert.Equal(1 - others.DefaultIfEmpty(0).Max(), correlation[i], 1e-4);
        }
    });

    // y0 is the constant 0.1, whose square and mean round differently; y1 = 1 -1 and y2 = 1 0 have the correlation 1.
    [Fact]
    public void A_constant_output_tells_nothing_and_scores_0()
    {
        var evidence = new LayerEvidence { OutputMeans = new float[] { 0.1f, 0, 0.5f }, OutputGram = new float[] { 0.1f * 0.1f, 0, 0.05f, 0, 1, 0.5f, 0.05f, 0.5f, 0.5f } };
        var scores = Case3x4.Score(new CorrelationCriterion(), evidence);

        Assert.Equal([0, 1, 0], new[] { scores[..4].Sum(), scores[4..8].Sum(), scores[8..].Sum() }, (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Random_scores_follow_from_seed_layer_and_place_alone()
    {
        var scores = new float[10_000];
        float[] Score(int seed, string name, float weight)
        {
            var weights = Enumerable.Repeat(weight, scores.Length).ToArray();
            var input = new ScoreInput { Layer = Given.Layer(name, 100, 100, new UnstructuredPattern(0)), Weights = weights, Mask = default, Evidence = LayerEvidence.None };
            new RandomCriterion(seed).Score(input, scores);
            return [.. scores];
        }

        var first = Score(1, "Fc1", 0);
        Assert.Equal(first, Score(1, "Fc1", 5));
        Assert.NotEqual(first, Score(2, "Fc1", 0));
        Assert.NotEqual(first, Score(1, "Fc2", 0));
        Assert.All(first, score => Assert.InRange(score, 0, 0.99999994f));
        // Of 10,000 uniform numbers: mean 1/2, and a tenth in each tenth; 6 standard deviations.
        Assert.InRange(first.Average(), 0.5 - (6 * 0.00289), 0.5 + (6 * 0.00289));
        Assert.All(first.GroupBy(score => (int)(score * 10)), tenth => Assert.InRange(tenth.Count(), 820, 1180));
    }
}
