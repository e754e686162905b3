using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Peers;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using KernelGen.Formats;
using KernelGen.Reference;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>Runs one case beside its peers, all in turns, and checks every result against the oracle.</summary>
/// <param name="roofline">The machine's limits.</param>
/// <param name="peers">The peers that this machine has.</param>
/// <param name="rounds">Turns of each contestant.</param>
internal sealed class KernelMeasurement(Roofline roofline, IReadOnlyList<Peer> peers, int rounds)
{
    /// <exception cref="InvalidOperationException">A result is wrong.</exception>
    public KernelResult Run(KernelCase benchmark)
    {
        var model = benchmark.Model();
        var dense = benchmark.Dense();
        var (m, k, n) = (benchmark.Id.M, benchmark.Id.K, benchmark.Batch);
        var weights = RandomWeights.Dense(model.Layer, 1 - benchmark.Sparsity);
        var random = new Random(2);
        var product = new Product(m, k, n, weights, [.. Enumerable.Range(0, k * n).Select(_ => random.NextSingle() - 0.5f)]);
        model.Layer.SetWeights(weights, []);
        dense.Layer.SetWeights(weights, []);
        var expected = Expected(model.Layer, product);

        var output = new float[m * n];
        var input = product.TransposedX();
        Action own = () => model.Run(product.X, output, n, Layout.FeatureMajor);
        Action rowMajor = () => model.Run(input, output, n, Layout.RowMajor);
        Action ownDense = () => dense.Run(product.X, output, n, Layout.FeatureMajor);
        OracleCheck.Run("feature-major", own, () => output, expected);
        OracleCheck.Run("row-major", rowMajor, () => Product.Transpose(output, n, m), expected);
        OracleCheck.Run("dense", ownDense, () => output, expected);

        var prepared = peers.Where(peer => peer.Takes(product)).Select(peer => (Peer: peer, Product: peer.Prepare(product))).ToList();
        try
        {
            foreach (var (peer, run) in prepared)
            {
                OracleCheck.Run(peer.Name, run.Run, run.Result, expected);
            }

            var seconds = RoundRobin.Measure([own, rowMajor, ownDense, .. prepared.Select(p => (Action)p.Product.Run)], rounds);
            var best = Enumerable.Range(0, prepared.Count).Where(i => prepared[i].Peer.IsDense).MinBy(i => RoundRobin.Median(seconds[3 + i]));
            var time = RoundRobin.Median(seconds[0]);
            var plan = Regimes.RunsOneByOne([model.Layer.State], Isa.Current, n) ? model.Layer.Plan.Latency : model.Layer.Plan.Throughput;
            var nonzeros = model.Layer.Plan.Nonzeros;
            var flops = 2.0 * nonzeros * n;
            var bytes = plan.Bytes + (sizeof(float) * (long)(k + m) * n);
            return new KernelResult(
                benchmark.Id.Pattern, m, k, n, benchmark.Sparsity, plan.Kernel, nonzeros, plan.Bytes, flops, bytes, time * 1e3,
                roofline.LeastSeconds(flops, bytes) / time, roofline.BoundOf(flops, bytes),
                RoundRobin.Ratio(seconds[0], seconds[1]), RoundRobin.Ratio(seconds[2], seconds[0]),
                prepared[best].Peer.Name, RoundRobin.Ratio(seconds[3 + best], seconds[0]), benchmark.Goal,
                Enumerable.Range(0, prepared.Count).ToDictionary(i => prepared[i].Peer.Name, i => RoundRobin.Ratio(seconds[3 + i], seconds[0])));
        }
        finally
        {
            foreach (var (_, run) in prepared)
            {
                run.Dispose();
            }
        }
    }

    /// <summary>The oracle's [M, N].</summary>
    private static double[] Expected(Linear layer, Product product)
    {
        var y = new double[product.M * product.N];
        var x = Array.ConvertAll(product.TransposedX(), value => (double)value);
        LinearReference.Sums(SparseMatrix.FromDense(product.W, product.M, product.K), default, x, y, product.N);
        return Product.Transpose(y, product.N, layer.OutFeatures);
    }
}
