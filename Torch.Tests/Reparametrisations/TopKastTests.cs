using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class TopKastTests
{
    [Theory]
    [InlineData(0.2, 0.5)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.3, 1.0)]
    public void Sets_gradients_and_the_penalty_are_those_of_a_sort(double density, double backward)
    {
        using var scope = NewDisposeScope();
        const int Rows = 8, Columns = 15;
        const double Decay = 0.5;
        var layer = Given.Layer(new UnstructuredPattern(0.5), Rows, Columns, seed: 3);
        layer.Reparametrise(own => new TopKast(own, density, backward, Decay));
        var weights = Values.Of(layer.Weight);
        var order = Enumerable.Range(0, weights.Length).OrderByDescending(i => Math.Abs(weights[i])).ToArray();
        var a = order.Take((int)Math.Round(density * weights.Length)).ToHashSet();
        var b = order.Take((int)Math.Round(backward * weights.Length)).ToHashSet();

        Assert.Equal(weights.Select((w, i) => a.Contains(i) ? w : 0), Values.Of(layer.Reparametrisation!.Effective(layer.Weight)));
        var factors = Values.Random(4, weights.Length);
        Assert.Equal(factors.Select((f, i) => b.Contains(i) ? f : 0), Given.Gradient(layer.Reparametrisation, weights, factors, Rows));

        layer.Penalty()!.backward();
        var gradient = Values.Of(layer.Weight.grad!);
        Assert.All(Enumerable.Range(0, weights.Length), i => Assert.Equal(
            a.Contains(i) ? Decay * weights[i] : b.Contains(i) ? Decay * weights[i] / density : 0, gradient[i], 1e-5));

        layer.Commit();
        Assert.Equal(Enumerable.Range(0, weights.Length).Select(a.Contains), layer.ReadMask());
    }

    [Fact]
    public void Blocks_go_by_their_sums()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new BlockPattern(2, 3, 0.5), 4, 8, seed: 3);
        layer.Reparametrise(own => new TopKast(own, 0.5, 0.5));
        var weights = Values.Of(layer.Weight);
        int Block(int i) => (i / 8 / 2 * 3) + (i % 8 / 3);
        // Three of six, the cut ones among them.
        var kept = Enumerable.Range(0, 32).GroupBy(Block).OrderByDescending(block => block.Sum(i => Math.Abs(weights[i]))).Take(3).Select(block => block.Key).ToHashSet();
        layer.Commit();
        Assert.Equal(Enumerable.Range(0, 32).Select(i => kept.Contains(Block(i))), layer.ReadMask());
        Assert.Throws<ArgumentException>(() => new TopKast(Given.Layer(new NMPattern(2, 4), 4, 4, 1), 0.5, 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKast(layer, 0.5, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKast(layer, 0, 0.4));
    }

    [Fact]
    public void A_run_that_has_diverged_is_an_error_that_names_the_layer()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new UnstructuredPattern(0.5), 4, 8, seed: 3);
        layer.Reparametrise(own => new TopKast(own, 0.5, 0.5));
        using (no_grad())
        {
            layer.Weight[1, 2] = float.NaN;
        }

        var error = Assert.Throws<ArgumentException>(() => layer.call(ones(1, 8)));
        Assert.StartsWith($"Layer '{layer.Layer.Name}': a weight is NaN", error.Message, StringComparison.Ordinal);
    }
}
