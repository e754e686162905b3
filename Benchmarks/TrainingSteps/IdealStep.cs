using KernelGen.Benchmarks.Peers;
using KernelGen.Benchmarks.Timing;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>A dense training step in which everything but the products is free: each by oneDNN, in the faster of its layouts.</summary>
internal sealed class IdealStep : IDisposable
{
    private static readonly Peer[] Peers = [new OneDnn(rowMajor: false), new OneDnn(rowMajor: true)];

    // Of each product, one for each peer.
    private readonly List<IPreparedProduct[]> _products;

    /// <param name="model">The layers; the first one's input needs no gradient.</param>
    /// <param name="batch">Samples.</param>
    public IdealStep(ModelDescriptor model, int batch)
    {
        var random = new Random(5);
        _products = [];
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            Add(layer.OutFeatures, layer.InFeatures, batch);
            Add(layer.OutFeatures, batch, layer.InFeatures);
            if (i > 0)
            {
                Add(layer.InFeatures, layer.OutFeatures, batch);
            }
        }

        void Add(int m, int k, int n)
        {
            var product = new Product(m, k, n, Numbers(m * k), Numbers(k * n));
            _products.Add([.. Peers.Select(peer => peer.Prepare(product))]);
        }

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>Why there is nothing to compare with; null where there is.</summary>
    public static string? Missing => Peers[0].Missing;

    /// <summary>Every product, to be timed.</summary>
    public IEnumerable<Action> Actions => _products.SelectMany(layouts => layouts.Select(product => (Action)product.Run));

    /// <summary>Seconds of the step in each round, from those of <see cref="Actions"/>.</summary>
    public static double[] Seconds(IReadOnlyList<double[]> actions)
    {
        var rounds = actions[0].Length;
        var step = new double[rounds];
        for (var first = 0; first < actions.Count; first += Peers.Length)
        {
            var best = Enumerable.Range(first, Peers.Length).MinBy(i => RoundRobin.Median(actions[i]));
            for (var round = 0; round < rounds; round++)
            {
                step[round] += actions[best][round];
            }
        }

        return step;
    }

    public void Dispose()
    {
        foreach (var product in _products.SelectMany(layouts => layouts))
        {
            product.Dispose();
        }
    }
}
