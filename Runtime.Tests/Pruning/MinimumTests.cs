using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>What masks keep at least, whatever the scores and the budget say.</summary>
public sealed class MinimumTests
{
    [Fact]
    public void A_layer_that_loses_the_competition_keeps_its_best_weights_and_the_total_holds()
    {
        var model = Model(0.75, 2, 0, Single("Fc1", 4, 1), Single("Fc2", 4, 2));

        // 3 of 12 weights, and all of the second layer's are greater.
        var masks = ModelPruner.PruneNow(model, [new float[] { 1, 4, 2, 3 }, new float[] { 9, 8, 7, 6, 5, 5, 5, 5 }]);

        Assert.Equal([false, true, false, true], masks[0]);
        Assert.Equal([true, true, false, false, false, false, false, false], masks[1]); // its own minimum: the total gives way
    }

    [Fact]
    public void An_output_keeps_its_best_weight_and_the_others_compete_for_the_rest()
    {
        var model = Model(0.5, 1, 1, Single("Fc1", 3, 2), Single("Fc2", 2, 1));

        // 4 of 8: one for each of three outputs, and the best of the others, 8.
        var masks = ModelPruner.PruneNow(model, [new float[] { 9, 8, 7, 0.1f, 0.3f, 0.2f }, new float[] { 0.01f, 0.02f }]);

        Assert.Equal([true, true, false, false, true, false], masks[0]);
        Assert.Equal([false, true], masks[1]);
    }

    [Fact]
    public void An_output_of_a_block_layer_keeps_blocks_that_are_wide_enough()
    {
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, MinimumPerOutput: 3);
        var model = Given.Model(settings, Given.Layer("Fc1", 5, 4, new BlockPattern(2, 2, 0.9)));
        var weights = new float[] { 9, 9, 8, 8, 7, 9, 9, 8, 8, 7, 1, 1, 2, 2, 3, 1, 1, 2, 2, 3 };

        // Two blocks of two columns, or one of them and the cut block of one.
        var mask = Assert.Single(ModelPruner.PruneNow(model, [weights]));

        Assert.Equal([true, true, true, true, false, true, true, true, true, false], mask[..10]);
        Assert.Equal([false, false, true, true, true, false, false, true, true, true], mask[10..]);
    }

    [Theory]
    [InlineData(Budget.Uniform)]
    [InlineData(Budget.Erk)]
    [InlineData(Budget.Global)]
    public void Minima_hold_through_a_run_and_the_total_is_exact(Budget budget) => ForAll.Seeds(150, random =>
    {
        var minimum = (PerLayer: random.Next(1, 20), PerOutput: random.Next(0, 4));
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var settings = new PruneSettings(
            Criterion.Magnitude, Schedule.Cubic, Every: 3, Budget: budget, Sparsity: sparsity,
            MinimumPerLayer: minimum.PerLayer, MinimumPerOutput: minimum.PerOutput);
        var model = Given.RandomModel(random, settings, _ => new UnstructuredPattern(0));
        var updater = new MaskUpdater(model, totalSteps: 12);
        var masks = Given.FullMasks(model);

        for (var step = 0; step <= 12; step++)
        {
            updater.Update(step, Given.Memories(Given.Weights(random, model)), Given.Memories(masks));
            Assert.All(model.Layers, (layer, i) => AssertKeeps(layer, masks[i], minimum.PerLayer, minimum.PerOutput));
        }

        long[] least = [.. model.Layers.Select(layer => Math.Max(
            Math.Min(minimum.PerLayer, layer.WeightCount), layer.OutFeatures * Math.Min(minimum.PerOutput, layer.InFeatures)))];
        var total = Math.Max(least.Sum(), Oracle.Kept(sparsity, model.Layers.Sum(layer => layer.WeightCount)));
        Assert.Equal(total, masks.Sum(mask => mask.Count(active => active)));
    });

    [Theory]
    [InlineData(Budget.ByHand)]
    [InlineData(Budget.Uniform)]
    [InlineData(Budget.Erk)]
    [InlineData(Budget.Global)]
    public void Minima_hold_in_layers_of_every_pattern(Budget budget) => ForAll.Seeds(150, random =>
    {
        var minimum = (PerLayer: random.Next(1, 20), PerOutput: random.Next(0, 4));
        var settings = new PruneSettings(
            Criterion.Magnitude, Schedule.OneShot, Budget: budget, Sparsity: 0.95,
            MinimumPerLayer: minimum.PerLayer, MinimumPerOutput: minimum.PerOutput);
        var model = Given.RandomModel(random, settings, Given.RandomPattern);

        var masks = ModelPruner.PruneNow(model, Given.Memories(Given.Weights(random, model)));

        Assert.All(
            model.Layers.Index().Where(layer => layer.Item.Pattern is not NMPattern),
            layer => AssertKeeps(layer.Item, masks[layer.Index], minimum.PerLayer, minimum.PerOutput));
    });

    private static void AssertKeeps(LayerDescriptor layer, bool[] mask, int perLayer, int perOutput)
    {
        Assert.True(mask.Count(active => active) >= Math.Min(perLayer, layer.WeightCount));
        Assert.All(mask.Chunk(layer.InFeatures), row => Assert.True(row.Count(active => active) >= Math.Min(perOutput, layer.InFeatures)));
    }

    private static LayerDescriptor Single(string name, int inputs, int outputs) => Given.Layer(name, inputs, outputs, new UnstructuredPattern(0));

    private static ModelDescriptor Model(double sparsity, int perLayer, int perOutput, params LayerDescriptor[] layers) => Given.Model(
        new PruneSettings(
            Criterion.Magnitude, Schedule.OneShot, Budget: Budget.Global, Sparsity: sparsity, MinimumPerLayer: perLayer, MinimumPerOutput: perOutput),
        layers);
}
