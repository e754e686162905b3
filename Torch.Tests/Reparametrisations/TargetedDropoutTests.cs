using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class TargetedDropoutTests
{
    [Fact]
    public void The_smallest_of_each_output_are_dropped_by_chance_and_pruned_in_the_end()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        const int Rows = 40, Columns = 50, Draws = 200;
        var layer = Given.Layer(new UnstructuredPattern(0.5), Rows, Columns, seed: 2);
        layer.Reparametrise(own => new TargetedDropout(own, share: 0.6, rate: 0.3));
        var weights = Values.Of(layer.Weight);
        var candidates = Enumerable.Range(0, Rows)
            .SelectMany(row => Enumerable.Range(row * Columns, Columns).OrderBy(i => Math.Abs(weights[i])).Take(30)).ToHashSet();
        var dropped = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            using var inner = NewDisposeScope();
            var effective = Values.Of(layer.Reparametrisation!.Effective(layer.Weight));
            Assert.All(Enumerable.Range(0, weights.Length), i => Assert.True(effective[i] == weights[i] || (effective[i] == 0 && candidates.Contains(i))));
            dropped += effective.Count(x => x == 0);
        }

        var all = (double)Draws * candidates.Count;
        Assert.Equal(0.3, dropped / all, 5 * Math.Sqrt(0.3 * 0.7 / all));
        layer.eval();
        Assert.Equal(weights, Values.Of(layer.Reparametrisation!.Effective(layer.Weight)));
        Assert.Equal(Rows * 20, layer.ActiveCount);
        layer.Commit();
        Assert.Equal(Enumerable.Range(0, weights.Length).Select(i => !candidates.Contains(i)), layer.ReadMask());
    }

    [Fact]
    public void An_output_keeps_a_weight_and_shares_lie_between_0_and_1()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new UnstructuredPattern(0.5), 3, 4, seed: 2);
        layer.Reparametrise(own => new TargetedDropout(own, share: 1, rate: 1));
        Assert.Equal(3, layer.ActiveCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TargetedDropout(layer, 1.1, 0.5));
        Assert.Throws<ArgumentException>(() => new TargetedDropout(Given.Layer(new BlockPattern(2, 2, 0.5), 4, 4, 1), 0.5, 0.5));
    }
}
