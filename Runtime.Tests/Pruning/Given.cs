namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Models, weights and masks for the tests of pruning.</summary>
internal static class Given
{
    public static LayerDescriptor Layer(string name, int inputs, int outputs, SparsityPattern pattern, PruneSettings? prune = null)
        => new(name, inputs, outputs, Bias: true, Activation.None, NegativeSlope: 0.01f, pattern, prune);

    public static ModelDescriptor Model(PruneSettings? prune, params LayerDescriptor[] layers) => new("Mlp", layers, prune);

    /// <summary>LeNet-300-100 with one pattern for all layers.</summary>
    public static ModelDescriptor LeNet(PruneSettings? prune, SparsityPattern pattern)
        => Model(prune, Layer("Fc1", 784, 300, pattern), Layer("Fc2", 300, 100, pattern), Layer("Fc3", 100, 10, pattern));

    /// <summary>A model of random small layers; patterns of all kinds.</summary>
    public static ModelDescriptor RandomModel(Random random, PruneSettings? prune, Func<Random, SparsityPattern>? pattern = null)
    {
        var layers = new LayerDescriptor[random.Next(1, 5)];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = Layer($"Fc{i + 1}", random.Next(1, 14), random.Next(1, 14), (pattern ?? RandomPattern)(random));
        }

        return Model(prune, layers);
    }

    public static SparsityPattern RandomPattern(Random random) => random.Next(4) switch
    {
        0 => new DensePattern(),
        1 => new UnstructuredPattern(random.NextDouble()),
        2 => RandomNM(random),
        _ => new BlockPattern(random.Next(1, 5), random.Next(1, 5), random.NextDouble()),
    };

    /// <summary>Weights from few values of both signs, so that equal scores are common.</summary>
    public static float[] Weights(Random random, long count)
        => [.. Enumerable.Range(0, (int)count).Select(_ => random.Next(-6, 7) * 0.25f)];

    public static float[][] Weights(Random random, ModelDescriptor model)
        => [.. model.Layers.Select(layer => Weights(random, layer.WeightCount))];

    public static bool[] Mask(Random random, int count, double density)
        => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < density)];

    public static bool[][] FullMasks(ModelDescriptor model)
        => [.. model.Layers.Select(layer => Enumerable.Repeat(true, (int)layer.WeightCount).ToArray())];

    public static ReadOnlyMemory<float>[] Memories(float[][] weights) => [.. weights.Select(w => new ReadOnlyMemory<float>(w))];

    public static Memory<bool>[] Memories(bool[][] masks) => [.. masks.Select(m => m.AsMemory())];

    private static NMPattern RandomNM(Random random)
    {
        var m = random.Next(1, 9);
        return new NMPattern(random.Next(1, m + 1), m);
    }
}
