using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class StraightThroughNMTests
{
    [Theory]
    [InlineData(2, 4, 12)]
    [InlineData(2, 4, 11)]
    [InlineData(2, 4, 9)]
    [InlineData(1, 8, 13)]
    public void Values_and_gradients_follow_the_formula(int n, int m, int columns)
    {
        using var scope = NewDisposeScope();
        const int Rows = 5;
        const double Decay = 0.25;
        var layer = Given.Layer(new NMPattern(n, m), Rows, columns, seed: 1);
        layer.Reparametrise(own => new StraightThroughNM(own, Decay));
        var weights = Values.Of(layer.Weight);
        var chosen = new bool[weights.Length];
        foreach (var group in Enumerable.Range(0, weights.Length).GroupBy(i => (i / columns, i % columns / m)))
        {
            foreach (var i in group.OrderByDescending(i => Math.Abs(weights[i])).Take(n))
            {
                chosen[i] = true;
            }
        }

        Assert.Equal(weights.Zip(chosen, (w, isChosen) => isChosen ? w : 0), Values.Of(layer.Reparametrisation!.Effective(layer.Weight)));
        Assert.Equal(Decay / 2 * weights.Where((_, i) => !chosen[i]).Sum(w => (double)w * w), layer.Penalty()!.item<float>(), 1e-6);

        // sum(f(w) factors) + penalty: factors, plus decay (1 - m) w.
        var factors = Values.Random(7, weights.Length);
        ((layer.Reparametrisation.Effective(layer.Weight) * Values.AsTensor(factors, Rows, columns)).sum() + layer.Penalty()!).backward();
        var gradient = Values.Of(layer.Weight.grad!);
        Assert.All(Enumerable.Range(0, weights.Length), i => Assert.Equal(factors[i] + (chosen[i] ? 0 : Decay * weights[i]), gradient[i], 1e-6));

        layer.Commit();
        Assert.Equal(chosen, layer.ReadMask());
        Assert.Null(layer.Layer.FindViolation(layer.ReadMask()));
    }

    [Fact]
    public void Equal_weights_are_no_more_than_N()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new NMPattern(2, 4), 3, 10, seed: 1);
        var method = new StraightThroughNM(layer);
        // 2, 2 and 2 of each row.
        Assert.Equal(3 * 6, method.Effective(ones(3, 10)).count_nonzero().item<long>());
        Assert.Throws<ArgumentException>(() => new StraightThroughNM(Given.Layer(new UnstructuredPattern(0.5), 3, 4, 1)));
    }
}
