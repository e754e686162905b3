using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class HardConcreteTests
{
    private const int Points = 400_000;

    [Theory]
    [InlineData(-4.0)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(0.7)]
    [InlineData(3.0)]
    public void Probabilities_and_means_are_those_of_the_distribution(double logAlpha)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var places = full(Points, logAlpha, dtype: ScalarType.Float64);
        // By the distribution's definition, over u at the middles of equal intervals.
        var (open, mean) = (0.0, 0.0);
        for (var i = 0; i < Points; i++)
        {
            var u = (i + 0.5) / Points;
            var s = 1 / (1 + Math.Exp(-(Math.Log(u) - Math.Log(1 - u) + logAlpha) / (2.0 / 3)));
            var z = Math.Clamp((s * 1.2) - 0.1, 0, 1);
            open += z > 0 ? 1.0 / Points : 0;
            mean += z / Points;
        }

        Assert.Equal(open, HardConcrete.OpenProbability(places)[0].item<double>(), 1e-5);
        var drawn = TensorData.Read<double>(HardConcrete.Drawn(places), ScalarType.Float64);
        // Five standard deviations of a mean of so many numbers in [0, 1].
        var tolerance = 5 * 0.5 / Math.Sqrt(Points);
        Assert.Equal(open, drawn.Count(z => z > 0) / (double)Points, tolerance);
        Assert.Equal(mean, drawn.Average(), tolerance);
        Assert.Equal(Math.Clamp((1.2 / (1 + Math.Exp(-logAlpha))) - 0.1, 0, 1), HardConcrete.Expected(places)[0].item<double>(), 1e-12);
    }

    [Fact]
    public void A_block_has_one_gate_and_counts_the_weights_that_it_has()
    {
        using var scope = NewDisposeScope();
        // Blocks at the right and below are cut: of 4, 2, 2 and 1 weights; and one weight is pruned.
        var layer = Given.Layer(new BlockPattern(2, 2, 0.5), 3, 3, seed: 1);
        layer.Reparametrise(own => new HardConcrete(own, strength: 0.5));
        var method = (HardConcrete)layer.Reparametrisation!;
        Assert.Equal([2, 2], method.LogAlpha.shape);
        using (no_grad())
        {
            method.LogAlpha.copy_(tensor([-9f, 0.5f, 9f, -0.5f]).reshape(2, 2));
            layer.Mask![2, 2] = tensor(false);
        }

        double Open(double logAlpha) => 1 / (1 + Math.Exp(-(logAlpha - (2.0 / 3 * Math.Log(0.1 / 1.1)))));
        Assert.Equal(0.5 * ((4 * Open(-9)) + (2 * Open(0.5)) + (2 * Open(9))), layer.Penalty()!.item<float>(), 1e-5);
        var factor = (float)((1.2 / (1 + Math.Exp(-0.5))) - 0.1);
        var weights = Values.Of(layer.Weight);
        method.eval();
        float[] expected = [0, 0, factor * weights[2], 0, 0, factor * weights[5], weights[6], weights[7], 0];
        Assert.All(Values.Of(method.Effective(layer.ActiveWeight())).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal(4, layer.ActiveCount);
        layer.Commit();
        Assert.Equal([false, false, true, false, false, true, true, true, false], layer.ReadMask());
    }

    [Fact]
    public void Rows_and_columns_may_share_gates_and_training_draws_them_by_torchs_seed()
    {
        using var scope = NewDisposeScope();
        foreach (var (unit, shape) in new[] { (PruningUnit.Output, new long[] { 5, 1 }), (PruningUnit.Input, [1, 4]), (PruningUnit.Pattern, [5, 4]) })
        {
            var method = new HardConcrete(Given.Layer(new UnstructuredPattern(0.5), 5, 4, seed: 1), 1, unit: unit);
            Assert.Equal(shape, method.LogAlpha.shape);
            float[] Draw(int seed)
            {
                manual_seed(seed);
                return Values.Of(method.Effective(ones(5, 4)));
            }

            Assert.Equal(Draw(1), Draw(1));
            Assert.NotEqual(Draw(1), Draw(2));
            var drawn = Draw(1);
            Assert.All(Enumerable.Range(0, 20), i => Assert.True(
                unit == PruningUnit.Pattern || drawn[i] == drawn[unit == PruningUnit.Output ? i / 4 * 4 : i % 4]));
        }

        Assert.Equal([2, 1], new HardConcrete(Given.Layer(new BlockPattern(2, 2, 0.5), 4, 4, 1), 1, unit: PruningUnit.Output).LogAlpha.shape);
        Assert.Throws<ArgumentException>(() => new HardConcrete(Given.Layer(new NMPattern(2, 4), 4, 4, 1), 1));
    }
}
