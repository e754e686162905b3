using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>What holds for whole runs of random models, with weights that change all the time.</summary>
public sealed class MaskUpdaterProperties
{
    private const int TotalSteps = 40;

    [Fact]
    public void Masks_only_shrink_and_say_so() => ForAll.Seeds(200, random =>
    {
        Run(random, (model, updater, masks, before, step, changed) =>
        {
            Assert.Equal(changed, !masks.Zip(before).All(pair => pair.First.SequenceEqual(pair.Second)));
            Assert.True(!changed || updater.IsUpdateStep(step));
            Assert.All(masks.Zip(before), pair => Assert.All(pair.First.Zip(pair.Second), w => Assert.True(w.Second || !w.First)));
        });
    });

    [Fact]
    public void Every_layer_keeps_at_least_one_weight() => ForAll.Seeds(200, random =>
        Run(random, (_, _, masks, _, _, _) => Assert.All(masks, mask => Assert.Contains(true, mask))));

    [Fact]
    public void The_final_masks_have_their_patterns_and_counts() => ForAll.Seeds(200, random =>
    {
        Run(random, (model, _, masks, _, step, _) =>
        {
            if (step < TotalSteps)
            {
                return;
            }

            for (var i = 0; i < masks.Length; i++)
            {
                AssertPattern(model, model.Layers[i], masks[i]);
            }
        });
    });

    [Fact]
    public void Unstructured_counts_follow_SparsityAt() => ForAll.Seeds(200, random =>
    {
        Run(random, (model, updater, masks, _, step, _) =>
        {
            for (var i = 0; i < masks.Length; i++)
            {
                var n = model.Layers[i].WeightCount;
                var timeline = PruningTimeline.From(model.Layers[i].Prune ?? model.Prune!, TotalSteps);
                if (model.Prune!.Budget != Budget.Global && model.Layers[i].Pattern is UnstructuredPattern && timeline.IsUpdateStep(step))
                {
                    // The count is rounded now, and the count at the end was: by up to a whole weight where the minimum of one holds.
                    Assert.InRange(masks[i].Count(active => active) - (n * (1 - updater.SparsityAt(i, step))), -1.5, 1.5);
                }
            }
        });
    });

    private static void AssertPattern(ModelDescriptor model, LayerDescriptor layer, bool[] mask)
    {
        var byHand = model.Prune!.Budget == Budget.ByHand;
        var kept = mask.Index().Where(w => w.Item).Select(w => (Row: w.Index / layer.InFeatures, Column: w.Index % layer.InFeatures));
        switch (layer.Pattern)
        {
            case DensePattern:
                Assert.DoesNotContain(false, mask);
                break;
            case UnstructuredPattern when byHand:
                Assert.Equal(Math.Max(1, Oracle.Kept(layer.Pattern.TargetSparsity, mask.Length)), kept.Count());
                break;
            case NMPattern nm:
                var groups = kept.GroupBy(w => (w.Row, Group: w.Column / nm.M)).ToDictionary(group => group.Key, group => group.Count());
                Assert.Equal(layer.OutFeatures * ((layer.InFeatures + nm.M - 1) / nm.M), groups.Count);
                Assert.All(groups, group => Assert.Equal(
                    Math.Min(nm.N, layer.InFeatures - (group.Key.Group * nm.M)), group.Value));
                break;
            case BlockPattern block:
                var blocks = kept.GroupBy(w => (Row: w.Row / block.Rows, Column: w.Column / block.Columns)).ToList();
                Assert.All(blocks, b => Assert.Equal(
                    Math.Min(block.Rows, layer.OutFeatures - (b.Key.Row * block.Rows))
                        * Math.Min(block.Columns, layer.InFeatures - (b.Key.Column * block.Columns)),
                    b.Count()));
                var all = ((layer.OutFeatures + block.Rows - 1) / block.Rows) * ((layer.InFeatures + block.Columns - 1) / block.Columns);
                Assert.True(!byHand || blocks.Count == Math.Max(1, Oracle.Kept(block.Sparsity, all)));
                break;
            default:
                break;
        }
    }

    private static void Run(Random random, Action<ModelDescriptor, MaskUpdater, bool[][], bool[][], long, bool> check)
    {
        var model = Given.RandomModel(random, RandomSettings(random));
        var layers = model.Layers.Select(layer => random.Next(2) == 0 ? layer with { Prune = RandomSettings(random) } : layer);
        model = model with { Layers = [.. layers] };
        var updater = new MaskUpdater(model, TotalSteps);
        var masks = Given.FullMasks(model);
        for (var step = 0; step <= TotalSteps; step++)
        {
            bool[][] before = [.. masks.Select(mask => (bool[])mask.Clone())];
            var changed = updater.Update(step, Given.Memories(Given.Weights(random, model)), Given.Memories(masks));
            check(model, updater, masks, before, step, changed);
        }
    }

    private static PruneSettings RandomSettings(Random random)
    {
        var begin = random.NextDouble();
        return new PruneSettings(
            Criterion.Magnitude,
            (Schedule)random.Next(4),
            begin,
            begin + (random.NextDouble() * (1 - begin)),
            random.Next(1, 12),
            (Budget)random.Next(4),
            random.NextDouble());
    }
}
