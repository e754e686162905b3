using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Whole outputs and inputs; their ranking is in <see cref="CriteriaOracleTests"/>.</summary>
public sealed class PruningUnitTests
{
    [Fact]
    public void Whole_outputs_and_inputs_go()
    {
        float[] weights = [1, 9, 1, 2, 2, 2, 3, 1, 3]; // rows sum to 11, 6, 7; columns to 6, 12, 6
        var model = Given.Model(null, Given.Layer("Fc1", 3, 3, new UnstructuredPattern(1 / 3.0)));

        Assert.Equal([true, true, true, false, false, false, true, true, true], Prune(model, weights, PruningUnit.Output));
        Assert.Equal([true, true, false, true, true, false, true, true, false], Prune(model, weights, PruningUnit.Input));
    }

    [Fact]
    public void A_block_layer_loses_whole_rows_of_blocks_and_keeps_its_pattern()
    {
        var layer = Given.Layer("Fc1", 4, 4, new BlockPattern(2, 2, 0.5));
        float[] weights = [1, 1, 1, 9, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3];

        var mask = Prune(Given.Model(null, layer), weights, PruningUnit.Output);

        Assert.Equal([.. Enumerable.Repeat(false, 8), .. Enumerable.Repeat(true, 8)], mask);
        Assert.Null(layer.FindViolation(mask));
    }

    [Fact]
    public void An_NM_layer_keeps_its_pattern()
    {
        float[] weights = [1, 2, 3, 4, 4, 3, 2, 1];
        var model = Given.Model(null, Given.Layer("Fc1", 4, 2, new NMPattern(2, 4)));

        Assert.Equal(Prune(model, weights, PruningUnit.Pattern), Prune(model, weights, PruningUnit.Output));
    }

    [Theory]
    [InlineData(0.25, 1, 3)] // 3 of 4 outputs
    [InlineData(0.9, 1, 1)] // at least one
    [InlineData(0.9, 5, 2)] // at least 5 weights: two outputs of 4
    public void An_output_that_stays_is_whole_so_that_a_minimum_per_output_holds_none_back(double sparsity, int perLayer, int outputs)
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, MinimumPerLayer: perLayer, MinimumPerOutput: 2);
        var model = Given.Model(settings, Given.Layer("Fc1", 4, 4, new UnstructuredPattern(sparsity)));

        var mask = Prune(model, Given.Weights(new Random(1), 16), PruningUnit.Output);

        Assert.Equal(outputs * 4, mask.Count(active => active));
        Assert.All(mask.Chunk(4), row => Assert.Equal(row[0] ? 4 : 0, row.Count(active => active)));
    }

    [Fact]
    public void A_minimum_per_output_keeps_as_many_inputs()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, MinimumPerOutput: 2);
        var model = Given.Model(settings, Given.Layer("Fc1", 3, 2, new UnstructuredPattern(0.9)));

        Assert.Equal([true, false, true, true, false, true], Prune(model, [3, 1, 2, 3, 1, 2], PruningUnit.Input));
    }

    [Fact]
    public void Outputs_of_several_layers_compete_by_their_mean()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, Budget: Budget.Global, Sparsity: 0.5);
        var model = Given.Model(settings, Given.Layer("Fc1", 4, 2, new UnstructuredPattern(0)), Given.Layer("Fc2", 2, 2, new UnstructuredPattern(0)));
        var pruning = new LayerPruning(new MagnitudeCriterion(), PruningTimeline.Rounds(1)) { Unit = PruningUnit.Output };
        var masks = Given.FullMasks(model);

        // Means 2 and 1 in the first, 3 and 4 in the second; 6 of 12 weights stay: of the first layer the minimum, one output, and one of the second.
        new MaskUpdater(model, PruningPlan.Of(model, pruning)).Update(
            1, Given.Memories([[2, 2, 2, 2, 1, 1, 1, 1], [3, 3, 4, 4]]), Given.Memories(masks));

        Assert.Equal([true, true, true, true, false, false, false, false], masks[0]);
        Assert.Equal([false, false, true, true], masks[1]);
    }

    [Fact]
    public void A_criterion_that_cannot_rank_the_unit_is_refused_by_name()
    {
        var unstructured = Given.Model(null, Given.Layer("Fc1", 4, 2, new UnstructuredPattern(0.5)));
        var grouped = Given.Model(null, Given.Layer("Fc1", 4, 2, new NMPattern(2, 4)));
        var now = PruningTimeline.Rounds(1);

        void Fails(ModelDescriptor model, LayerPruning pruning, params string[] parts)
        {
            var error = Assert.Throws<ArgumentException>(() => new MaskUpdater(model, PruningPlan.Of(model, pruning)));
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }

        Assert.Equal(PruningUnit.Output, new LayerPruning(new ActivityCriterion(), now).Unit);
        Fails(unstructured, new LayerPruning(new ActivityCriterion(), now) { Unit = PruningUnit.Pattern }, "'Fc1'", "ActivityCriterion", "Output");
        Fails(unstructured, new LayerPruning(new CorrelationCriterion(), now) { Unit = PruningUnit.Input }, "'Fc1'", "CorrelationCriterion", "Input");
        Fails(grouped, new LayerPruning(new ActivityCriterion(), now), "'Fc1'", "2:4", "ActivityCriterion");
        Fails(unstructured, new LayerPruning(new WandaCriterion(), now) { Unit = PruningUnit.Output }, "'Fc1'", "WandaCriterion");
        Fails(unstructured, new LayerPruning(new MagnitudeCriterion(), now) { Unit = (PruningUnit)7 }, "'Fc1'", "7");
    }

    private static bool[] Prune(ModelDescriptor model, float[] weights, PruningUnit unit)
    {
        var masks = Given.FullMasks(model);
        var pruning = new LayerPruning(new MagnitudeCriterion(), PruningTimeline.Rounds(1)) { Unit = unit };
        new MaskUpdater(model, PruningPlan.Of(model, pruning)).Update(1, [weights], Given.Memories(masks));
        return masks[0];
    }
}
