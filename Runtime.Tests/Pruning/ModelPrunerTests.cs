using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class ModelPrunerTests
{
    [Fact]
    public void Prunes_to_the_declared_patterns_without_any_settings()
    {
        var model = Given.Model(
            null,
            Given.Layer("Fc1", 4, 1, new UnstructuredPattern(0.5)),
            Given.Layer("Fc2", 4, 1, new NMPattern(1, 2)),
            Given.Layer("Fc3", 4, 1, new BlockPattern(1, 2, 0.5)),
            Given.Layer("Fc4", 4, 1, new DensePattern()));
        var weights = new ReadOnlyMemory<float>(new float[] { 4, -5, 3, 3 });

        var masks = ModelPruner.PruneNow(model, [weights, weights, weights, weights]);

        Assert.Equal([true, true, false, false], masks[0]);
        Assert.Equal([false, true, true, false], masks[1]);
        Assert.Equal([true, true, false, false], masks[2]);
        Assert.Equal([true, true, true, true], masks[3]);
    }

    [Fact]
    public void Follows_the_model_s_budget_and_ignores_its_schedule()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.Cubic, Begin: 0.5, Budget: Budget.Erk, Sparsity: 0.95);
        var model = Given.LeNet(settings, new UnstructuredPattern(0.1));

        var masks = ModelPruner.PruneNow(model, Given.Memories(Given.Weights(new Random(1), model)));

        Assert.Equal(13_310, masks.Sum(mask => mask.Count(active => active)));
    }

    [Fact]
    public void A_criterion_of_ones_own_replaces_the_declared_one()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 4, 1, new UnstructuredPattern(0.5)));

        var masks = ModelPruner.PruneNow(model, [new float[] { -9, 1, 2, -8 }], new Signed());

        Assert.Equal([false, true, true, false], masks[0]);
    }

    [Fact]
    public void Follows_the_declared_unit_where_it_follows_the_declared_criterion()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.Cubic, Unit: PruningUnit.Output);
        var model = Given.Model(settings, Given.Layer("Fc1", 2, 2, new UnstructuredPattern(0.5)));
        ReadOnlyMemory<float>[] weights = [new float[] { 9, 1, 6, 6 }];

        Assert.Equal([false, false, true, true], ModelPruner.PruneNow(model, weights)[0]);
        Assert.Equal([true, false, true, false], ModelPruner.PruneNow(model, weights, new MagnitudeCriterion())[0]);
    }

    [Fact]
    public void A_missing_layer_is_an_error()
        => Assert.Throws<ArgumentException>(() => ModelPruner.PruneNow(Given.LeNet(null, new UnstructuredPattern(0.5)), []));

    private sealed class Signed : ICriterion
    {
        public void Score(ScoreInput input, Span<float> scores) => input.Weights.CopyTo(scores);
    }
}
