using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class GlobalBudgetTests
{
    [Fact]
    public void Scores_compete_across_layers_and_of_equals_the_earlier_layer_wins()
    {
        var model = Model(0.5, Single("Fc1"), Single("Fc2"));

        var masks = ModelPruner.PruneNow(model, [new float[] { 1, -5, 2, 3 }, new float[] { 3, 0.5f, -9, 3 }]);

        Assert.Equal([false, true, false, true], masks[0]);
        Assert.Equal([true, false, true, false], masks[1]);
    }

    [Fact]
    public void A_layer_keeps_its_best_weight_whatever_the_others_have()
    {
        var model = Model(0.75, Single("Fc1"), Single("Fc2"));

        var masks = ModelPruner.PruneNow(model, [new float[] { 1, 2, 2, 1 }, new float[] { 9, 8, 7, 6 }]);

        Assert.Equal([false, true, false, false], masks[0]);
        Assert.Equal([true, false, false, false], masks[1]);
    }

    [Fact]
    public void A_block_competes_by_its_mean_and_single_weights_fill_the_gap_that_it_does_not_fit()
    {
        // 5 of 12 weights. Means of the blocks: 4 and 3. The first takes 4, the second would exceed 5: a single 1 fills the gap.
        var blocks = Given.Layer("Fc1", 4, 2, new BlockPattern(2, 2, 0));
        var model = Model(1 - (5.0 / 12), blocks, Single("Fc2"));

        var masks = ModelPruner.PruneNow(model, [new float[] { 4, 4, 3, 3, 4, 4, 3, 3 }, new float[] { 0.5f, 0, 1, 0.5f }]);

        Assert.Equal([true, true, false, false, true, true, false, false], masks[0]);
        Assert.Equal([false, false, true, false], masks[1]);
    }

    [Fact]
    public void Unstructured_layers_agree_with_one_full_sort() => ForAll.Seeds(300, random =>
    {
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var model = Given.RandomModel(random, Settings(sparsity), _ => new UnstructuredPattern(0));
        var weights = Given.Weights(random, model);
        var total = Oracle.Kept(sparsity, model.Layers.Sum(layer => layer.WeightCount));

        var masks = ModelPruner.PruneNow(model, Given.Memories(weights));

        var all = weights.SelectMany((layer, i) => layer.Select((w, at) => (Layer: i, At: at, Score: Math.Abs(w)))).ToList();
        var best = all.GroupBy(w => w.Layer).Select(layer => layer.MaxBy(w => w.Score)).ToList();
        var rest = all.Except(best).OrderByDescending(w => w.Score).ThenBy(w => w.Layer).ThenBy(w => w.At);
        var kept = best.Concat(rest.Take((int)Math.Max(0, total - best.Count))).ToHashSet();
        Assert.All(all, w => Assert.Equal(kept.Contains(w), masks[w.Layer][w.At]));
    });

    [Fact]
    public void Block_layers_agree_with_a_greedy_walk() => ForAll.Seeds(300, random =>
    {
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var model = Given.RandomModel(random, Settings(sparsity), Counted);
        var weights = Given.Weights(random, model);
        var total = Oracle.Kept(sparsity, model.Layers.Sum(layer => layer.WeightCount));

        var masks = ModelPruner.PruneNow(model, Given.Memories(weights));

        var expected = Greedy(model, weights, total);
        Assert.Equal(expected, masks.Select(mask => mask.Count(active => active)));
    });

    [Fact]
    public void Layers_with_schedules_of_their_own_still_end_at_the_total() => ForAll.Seeds(100, random =>
    {
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var model = Given.RandomModel(random, Settings(sparsity), _ => new UnstructuredPattern(0));
        model = model with { Layers = [.. model.Layers.Select(layer => layer with { Prune = RandomSettings(random) })] };
        var updater = new MaskUpdater(model, totalSteps: 40);
        var masks = Given.FullMasks(model);

        for (var step = 0; step <= 40; step++)
        {
            updater.Update(step, Given.Memories(Given.Weights(random, model)), Given.Memories(masks));
        }

        var total = Oracle.Kept(sparsity, model.Layers.Sum(layer => layer.WeightCount));
        Assert.Equal(Math.Max(total, model.Layers.Count), masks.Sum(mask => mask.Count(active => active)));
    });

    /// <summary>
    /// The rule, step by step: the best unit of each layer that would stay empty is certain; then units by mean score, the first
    /// that doesn't fit ends its layer. Returns the weights kept in each layer.
    /// </summary>
    private static int[] Greedy(ModelDescriptor model, float[][] weights, long total)
    {
        var units = model.Layers.Select((layer, i) => Units(layer, weights[i])).ToArray();
        var certain = new HashSet<int>();
        while (true)
        {
            var left = total - certain.Sum(i => units[i][0].Size);
            var kept = new int[units.Length];
            var ended = new HashSet<int>(certain);
            foreach (var (layer, unit) in units
                .SelectMany((list, layer) => list.Select(unit => (Layer: layer, Unit: unit)))
                .OrderByDescending(entry => entry.Unit.Mean).ThenBy(entry => entry.Layer))
            {
                if (!ended.Contains(layer) && unit.Size <= left)
                {
                    kept[layer] += unit.Size;
                    left -= unit.Size;
                }
                else
                {
                    ended.Add(layer);
                }
            }

            var empty = Enumerable.Range(0, units.Length).Where(i => kept[i] == 0 && !certain.Contains(i)).ToArray();
            if (empty.Length == 0)
            {
                return [.. kept.Select((count, i) => certain.Contains(i) ? units[i][0].Size : count)];
            }

            certain.UnionWith(empty);
        }
    }

    /// <summary>A layer's units from the best to the worst.</summary>
    private static (double Mean, int Size)[] Units(LayerDescriptor layer, float[] weights)
    {
        var (rows, columns) = layer.Pattern is BlockPattern block ? (block.Rows, block.Columns) : (1, 1);
        return
        [
            .. weights.Select((w, i) => (Score: Math.Abs(w), Block: (i / layer.InFeatures / rows, i % layer.InFeatures / columns)))
                .GroupBy(w => w.Block)
                .Select(unit => (Mean: unit.Sum(w => (double)w.Score) / (rows * columns), unit.Key, Size: unit.Count()))
                .OrderByDescending(unit => unit.Mean).ThenBy(unit => unit.Key)
                .Select(unit => (unit.Mean, unit.Size)),
        ];
    }

    private static SparsityPattern Counted(Random random)
        => random.Next(3) == 0 ? new UnstructuredPattern(0) : new BlockPattern(random.Next(1, 5), random.Next(1, 5), 0);

    private static PruneSettings RandomSettings(Random random)
    {
        var begin = random.NextDouble();
        return new PruneSettings(
            Criterion.Magnitude, (Schedule)random.Next(4), begin, begin + (random.NextDouble() * (1 - begin)), random.Next(1, 12));
    }

    private static PruneSettings Settings(double sparsity)
        => new(Criterion.Magnitude, Schedule.Cubic, Budget: Budget.Global, Sparsity: sparsity);

    private static ModelDescriptor Model(double sparsity, params LayerDescriptor[] layers) => Given.Model(Settings(sparsity), layers);

    private static LayerDescriptor Single(string name) => Given.Layer(name, 2, 2, new UnstructuredPattern(0));
}
