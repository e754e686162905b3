using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

public sealed class VariationalDropoutTests
{
    [Fact]
    public void The_penalty_is_the_divergence_within_the_error_of_the_approximation()
    {
        using var scope = NewDisposeScope();
        for (var logAlpha = -8.0; logAlpha <= 8; logAlpha += 0.5)
        {
            var approximate = VariationalDropout.Divergence(tensor(logAlpha)).item<double>();
            // -KL = log(alpha) / 2 - E log|e| + C, e of mean 1 and variance alpha; C makes it 0 for an infinite alpha, where
            // E log|e| is log(alpha) / 2 - (gamma + log 2) / 2.
            const double EulerGamma = 0.57721566490153286;
            var exact = -((logAlpha / 2) - MeanLog(Math.Exp(logAlpha / 2)) - ((EulerGamma + Math.Log(2)) / 2));
            Assert.True(Math.Abs(exact - approximate) < 0.01, $"log alpha {logAlpha}: {approximate}, not {exact}.");
        }
    }

    [Fact]
    public void A_product_has_the_mean_and_the_variance_of_its_weights()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const int Draws = 200_000;
        var layer = Given.Layer(new UnstructuredPattern(0.5), 3, 4, seed: 1);
        layer.Reparametrise(own => new VariationalDropout(own, initial: -2));
        using (no_grad())
        {
            layer.Mask![0, 1] = tensor(false);
            ((VariationalDropout)layer.Reparametrisation!).LogVariance.copy_(Values.AsTensor(Values.Random(5, 12, 2), 3, 4));
        }

        var variances = Values.Of(((VariationalDropout)layer.Reparametrisation!).LogVariance).Select(x => Math.Exp(x)).ToArray();
        var (weights, bias) = (Values.Of(layer.Weight), Values.Of(layer.Bias!));
        float[] x = [0.5f, -1, 2, 0.1f];
        var drawn = Values.Of(layer.call(Values.AsTensor(x, 1, 4).expand(Draws, 4)));
        for (var row = 0; row < 3; row++)
        {
            var own = Enumerable.Range(0, 4).Where(column => (row, column) != (0, 1)).ToArray();
            var mean = bias[row] + own.Sum(column => (double)x[column] * weights[(row * 4) + column]);
            var variance = own.Sum(column => (double)x[column] * x[column] * variances[(row * 4) + column]);
            var outputs = Enumerable.Range(0, Draws).Select(i => (double)drawn[(i * 3) + row]).ToArray();
            Assert.Equal(mean, outputs.Average(), 5 * Math.Sqrt(variance / Draws));
            Assert.Equal(variance, outputs.Average(y => (y - mean) * (y - mean)), 5 * variance * Math.Sqrt(2.0 / Draws));
        }

        layer.eval();
        var alpha = weights.Zip(variances, (w, v) => Math.Log(v / ((double)w * w))).ToArray();
        var kept = Enumerable.Range(0, 12).Select(i => alpha[i] <= 3 && i != 1).ToArray();
        Assert.Contains(false, kept[2..]);
        layer.Commit();
        Assert.Equal(kept, layer.ReadMask());
        Assert.Equal(weights.Zip(kept, (w, stays) => stays ? w : 0), layer.ReadWeights());
    }

    [Fact]
    public void The_penalty_counts_weights_of_the_mask_and_a_ramp_raises_it()
    {
        using var scope = NewDisposeScope();
        var layer = Given.Layer(new UnstructuredPattern(0.5), 2, 2, seed: 1);
        var method = new VariationalDropout(layer);
        layer.Mask![1, 1] = tensor(false);
        var weights = Values.Of(layer.Weight);
        var expected = weights.Take(3).Sum(w => VariationalDropout.Divergence(tensor(-10 - Math.Log((double)w * w))).item<double>());
        Assert.Equal(expected, method.Penalty(layer.ActiveWeight())!.item<float>(), 1e-4);
        Assert.True(float.IsFinite(method.Penalty(zeros(2, 2))!.item<float>()));

        var ramp = new Ramp(10, 20);
        Assert.Equal([0, 0, 0.5, 1, 1], new long[] { 0, 10, 15, 20, 30 }.Select(ramp.At));
        Assert.Equal([0.0, 1, 1], new long[] { 4, 5, 6 }.Select(new Ramp(5, 5).At));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ramp(6, 5));
    }

    // E log|1 + deviation n| for a normal n. The argument is deviation times the distance from the pole.
    private static double MeanLog(double deviation)
    {
        var pole = -1 / deviation;
        var edge = Math.Clamp(pole, -12, 12);
        var sum = 0.0;
        foreach (var length in new[] { -12 - edge, 12 - edge })
        {
            const int Intervals = 100_000;
            for (var i = 0; i < Intervals; i++)
            {
                // At the middles of intervals; t^3 crowds at the edge, which is the pole, if that lies inside.
                var t = (i + 0.5) / Intervals;
                var (distance, width) = (length * t * t * t, Math.Abs(length) * 3 * t * t / Intervals);
                var n = edge + distance;
                sum += width * Math.Exp(-n * n / 2) / Math.Sqrt(2 * Math.PI) * Math.Log(deviation * Math.Abs(edge - pole + distance));
            }
        }

        return sum;
    }
}
