using KernelGen.Benchmarks.Peers;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Training;

namespace KernelGen.Benchmarks.Gradients;

/// <summary>The products of one layer's training step.</summary>
/// <param name="Forward">Speed-up of Y = W X over the dense product.</param>
/// <param name="InputGradient">Of dX = W^T dY.</param>
/// <param name="WeightGradient">Of dW = dY X^T.</param>
/// <param name="RefreshShare">What handing over new values takes of all.</param>
/// <param name="Step">Speed-up of all three, new values included.</param>
internal sealed record GradientCase(double Forward, double InputGradient, double WeightGradient, double RefreshShare, double Step)
{
    private static readonly Peer[] Peers = [new OneDnn(rowMajor: false), new OneDnn(rowMajor: true)];

    /// <summary>Why there is nothing to compare with; null where there is.</summary>
    public static string? MissingPeer => Peers[0].Missing;

    public static GradientCase Measure(Linear layer, double density, int batch, int rounds)
    {
        var (rows, columns) = (layer.OutFeatures, layer.InFeatures);
        var weights = RandomWeights.Dense(layer, density);
        layer.SetWeights(weights, []);
        var trainable = new TrainableLinear(layer);
        var random = new Random(3);
        var (x, dy) = (Random(random, columns * batch), Random(random, rows * batch));
        // Aligned, as a tensor's memory is.
        var (alignedX, alignedDy) = (new NativeFloats(x), new NativeFloats(dy));
        var (y, dx, dw) = (new float[rows * batch], new float[columns * batch], new float[trainable.Nonzeros]);
        var values = new float[trainable.Nonzeros];
        trainable.GetValues(values);

        var products = new[]
        {
            new Product(rows, columns, batch, weights, x),
            new Product(columns, rows, batch, Product.Transpose(weights, rows, columns), dy),
            new Product(rows, batch, columns, dy, Product.Transpose(x, columns, batch)),
        };
        var dense = products.SelectMany(product => Peers.Select(peer => peer.Prepare(product))).ToList();
        Action[] own =
        [
            () => trainable.Forward(alignedX.Span, y, batch), () => trainable.InputGradient(alignedDy.Span, dx, batch),
            () => trainable.WeightGradient(alignedX.Span, alignedDy.Span, dw, [], batch), () => trainable.SetValues(values, []),
        ];
        foreach (var action in own)
        {
            action();
        }

        foreach (var product in dense)
        {
            product.Run();
        }

        Check(y, dense[0].Result(), "forward");
        Check(dx, dense[2].Result(), "input gradient");
        Check(dw, dense[4].Result().Where((_, i) => weights[i] != 0).ToArray(), "weight gradient");

        var seconds = RoundRobin.Measure([.. own, .. dense.Select(product => (Action)product.Run)], rounds);
        double[] Best(int product) => seconds[4 + (2 * product)].Zip(seconds[5 + (2 * product)], Math.Min).ToArray();
        var step = Sum(seconds[0], seconds[1], seconds[2], seconds[3]);
        return new GradientCase(
            RoundRobin.Ratio(Best(0), seconds[0]), RoundRobin.Ratio(Best(1), seconds[1]), RoundRobin.Ratio(Best(2), seconds[2]),
            RoundRobin.Ratio(seconds[3], step), RoundRobin.Ratio(Sum(Best(0), Best(1), Best(2)), step));
    }

    private static double[] Sum(params double[][] seconds) => Enumerable.Range(0, seconds[0].Length).Select(round => seconds.Sum(one => one[round])).ToArray();

    private static float[] Random(Random random, int count) => Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1).ToArray();

    private static void Check(float[] actual, float[] expected, string what)
    {
        var largest = expected.Max(Math.Abs);
        var worst = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        if (actual.Length != expected.Length || !(worst <= 1e-4 * largest))
        {
            throw new InvalidOperationException($"The {what} is wrong by {worst:R}; the largest value is {largest:R}.");
        }
    }
}
