using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class MaskUpdaterTests
{
    private static readonly PruneSettings Cubic = new(Criterion.Magnitude, Schedule.Cubic, Begin: 0.1, End: 0.7, Every: 100);

    [Fact]
    public void A_run_of_LeNet_has_the_cubic_counts_at_every_update()
    {
        var random = new Random(1);
        var model = Given.LeNet(Cubic, new UnstructuredPattern(0.95));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var weights = Given.Memories(Given.Weights(random, model));
        var masks = Given.FullMasks(model);
        var counts = new List<int>();

        for (var step = 1; step <= 1000; step++)
        {
            Assert.Equal(step % 100 == 0 && step is >= 100 and <= 700, updater.IsUpdateStep(step));
            if (updater.IsUpdateStep(step))
            {
                Assert.Equal(step > 100, updater.Update(step, weights, Given.Memories(masks)));
                counts.Add(masks[1].Count(active => active));
            }
        }

        // 30,000 - 28,500 (1 - (1 - k/6)^3)
        Assert.Equal([30_000, 17_993, 9_944, 5_063, 2_556, 1_632, 1_500], counts);
        Assert.Equal(0.95 * 0.875, updater.SparsityAt(0, 400), 9);
    }

    [Fact]
    public void Exponential_counts_halve_and_multi_steps_fall_evenly()
    {
        var halving = Cubic with { Schedule = Schedule.Exponential, End = 0.5 };
        var steps = Cubic with { Schedule = Schedule.MultiStep, Steps = [0.1, 0.3, 0.5] };
        var pattern = new UnstructuredPattern(0.9375);
        var model = Given.Model(null, Given.Layer("Fc1", 40, 40, pattern, halving), Given.Layer("Fc2", 40, 40, pattern, steps));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var weights = Given.Memories(Given.Weights(new Random(7), model));
        var masks = Given.FullMasks(model);
        var counts = new List<(int, int)>();

        for (var step = 100; step <= 500; step += 100)
        {
            updater.Update(step, weights, Given.Memories(masks));
            counts.Add((masks[0].Count(active => active), masks[1].Count(active => active)));
        }

        Assert.Equal([(1600, 1100), (800, 1100), (400, 600), (200, 600), (100, 100)], counts);
        Assert.Equal(0.5, updater.SparsityAt(0, 200), 9);
    }

    [Fact]
    public void NM_groups_shrink_to_N_on_the_way()
    {
        var model = Given.Model(Cubic with { Schedule = Schedule.Linear }, Given.Layer("Fc1", 8, 3, new NMPattern(1, 4)));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var weights = Given.Memories(Given.Weights(new Random(2), model));
        var masks = Given.FullMasks(model);
        var perGroup = new List<int>();

        for (var step = 100; step <= 700; step += 100)
        {
            updater.Update(step, weights, Given.Memories(masks));
            perGroup.Add(masks[0].Take(4).Count(active => active));
        }

        // round(4 (1 - 0.75 k/6)), halves up
        Assert.Equal([4, 4, 3, 3, 2, 2, 1], perGroup);
    }

    [Fact]
    public void A_layer_follows_its_own_settings()
    {
        var own = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, Begin: 0.25);
        var model = Given.Model(
            Cubic,
            Given.Layer("Fc1", 10, 10, new UnstructuredPattern(0.5)),
            Given.Layer("Fc2", 10, 10, new UnstructuredPattern(0.5), own));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var masks = Given.FullMasks(model);

        Assert.True(updater.IsUpdateStep(250));
        Assert.True(updater.Update(250, Given.Memories(Given.Weights(new Random(3), model)), Given.Memories(masks)));
        Assert.DoesNotContain(false, masks[0]);
        Assert.Equal(50, masks[1].Count(active => active));
    }

    [Fact]
    public void A_layer_without_settings_and_a_dense_one_are_not_pruned()
    {
        var pattern = new UnstructuredPattern(0.5);
        var model = Given.Model(
            null,
            Given.Layer("Fc1", 10, 10, pattern, Cubic with { Schedule = Schedule.Constant }),
            Given.Layer("Fc2", 10, 10, pattern),
            Given.Layer("Fc3", 10, 10, new DensePattern(), Cubic));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var masks = Given.FullMasks(model);

        updater.Update(0, Given.Memories(Given.Weights(new Random(4), model)), Given.Memories(masks));

        Assert.Equal([50, 100, 100], masks.Select(mask => mask.Count(active => active)));
        Assert.Equal([0.5, 0, 0], Enumerable.Range(0, 3).Select(layer => updater.SparsityAt(layer, 500)));
    }

    [Fact]
    public void A_model_without_settings_is_refused_with_a_remedy()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new MaskUpdater(Given.LeNet(null, new UnstructuredPattern(0.5)), totalSteps: 10));

        Assert.Contains("'Mlp'", error.Message, StringComparison.Ordinal);
        Assert.Contains("[Prune(", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModelPruner.PruneNow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_name_the_layer()
    {
        var model = Given.Model(Cubic, Given.Layer("Fc1", 2, 2, new UnstructuredPattern(0.5), Cubic with { Begin = 2 }));

        var error = Assert.Throws<ArgumentException>(() => new MaskUpdater(model, totalSteps: 10));

        Assert.Contains("'Fc1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Begin is 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missed_update_is_made_up_for_by_the_next()
    {
        var random = new Random(5);
        var model = Given.LeNet(Cubic, new UnstructuredPattern(0.9));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var masks = Given.FullMasks(model);

        updater.Update(700, Given.Memories(Given.Weights(random, model)), Given.Memories(masks));

        Assert.Equal([23_520, 3_000, 100], masks.Select(mask => mask.Count(active => active)));
    }

    [Fact]
    public void Wrong_sizes_and_NaN_name_the_layer_and_leave_the_masks()
    {
        var settings = Cubic with { Schedule = Schedule.Constant };
        var model = Given.Model(
            settings, Given.Layer("Fc1", 4, 2, new NMPattern(2, 4)), Given.Layer("Fc2", 2, 3, new UnstructuredPattern(0.5)));
        var updater = new MaskUpdater(model, totalSteps: 10);
        var masks = Given.FullMasks(model);

        void Fails(float[][] weights, bool[][] given, params string[] parts)
        {
            var error = Assert.Throws<ArgumentException>(
                () => updater.Update(0, Given.Memories(weights), Given.Memories(given)));
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.All(given, mask => Assert.DoesNotContain(false, mask));
        }

        Fails([new float[8]], masks, "'Mlp'", "2 layers");
        Fails([new float[8], new float[5]], masks, "'Fc2'", "3 x 2 = 6", "5 weights");
        Fails([new float[8], new float[6]], [masks[0], []], "'Fc2'", "0 mask entries");
        Fails([new float[8], [1, 2, 3, float.NaN, 5, 6]], masks, "'Fc2'", "row 1, column 1", "NaN");
        Assert.Throws<ArgumentOutOfRangeException>(
            () => updater.Update(-1, Given.Memories(new float[2][]), Given.Memories(masks)));
    }

    [Fact]
    public void Steps_that_are_not_due_change_nothing()
    {
        var model = Given.LeNet(Cubic, new UnstructuredPattern(0.9));
        var updater = new MaskUpdater(model, totalSteps: 1000);
        var masks = Given.FullMasks(model);
        var weights = Given.Memories(Given.Weights(new Random(6), model));

        Assert.All(new long[] { 0, 99, 101, 650, 701, 1000, 5000 }, step =>
        {
            Assert.False(updater.IsUpdateStep(step));
            Assert.False(updater.Update(step, weights, Given.Memories(masks)));
        });
    }

    [Fact]
    public void Criteria_and_budgets_of_ones_own_compose()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 4, 1, new UnstructuredPattern(0)));
        var timeline = new PruningTimeline(new LinearSchedule(), begin: 0, end: 2, every: 1, totalSteps: 2);
        var plan = new PruningPlan([new LayerPruning(new LowestIndex(), timeline)], new Quarter());
        var updater = new MaskUpdater(model, plan);
        var masks = Given.FullMasks(model);

        // Half of the way: 4 - 1.5, halves up.
        Assert.True(updater.Update(1, [new float[4]], Given.Memories(masks)));
        Assert.Equal([true, true, true, false], masks[0]);
        Assert.True(updater.Update(2, [new float[4]], Given.Memories(masks)));
        Assert.Equal([true, false, false, false], masks[0]);
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_refused()
    {
        var model = Given.LeNet(null, new UnstructuredPattern(0.5));
        var pruning = new LayerPruning(new MagnitudeCriterion(), new PruningTimeline(new LinearSchedule(), 0, 1, 1, 1));

        Assert.Throws<ArgumentException>(() => new MaskUpdater(model, new PruningPlan([pruning], new ByHandBudget())));
        Assert.Throws<ArgumentException>(() => new MaskUpdater(model, new PruningPlan([pruning, null, null], new Quarter())));
        var wrong = Given.LeNet(null, new UnstructuredPattern(-1));
        var error = Assert.Throws<ArgumentException>(
            () => new MaskUpdater(wrong, new PruningPlan([pruning, null, null], new ByHandBudget())));
        Assert.Contains("'Fc1'", error.Message, StringComparison.Ordinal);
    }

    private sealed class LowestIndex : ICriterion
    {
        public void Score(ScoreInput input, Span<float> scores)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = -i;
            }
        }
    }

    private sealed class Quarter : IBudget
    {
        public IReadOnlyList<double> Densities(ModelDescriptor model) => [0.25];
    }
}
