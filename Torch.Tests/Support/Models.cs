namespace KernelGen.Torch.Tests;

/// <summary>Models for tests, as the build would describe them.</summary>
internal static class Models
{
    /// <summary>One layer of each pattern.</summary>
    public static ModelDescriptor AllPatterns(Schedule schedule = Schedule.Cubic) => new(
        "AllPatterns",
        [
            Layer("Fc1", 20, 32, new UnstructuredPattern(0.9), Activation.Relu),
            Layer("Fc2", 32, 24, new NMPattern(2, 4), Activation.Tanh),
            Layer("Fc3", 24, 16, new BlockPattern(2, 4, 0.75), Activation.Silu),
            Layer("Fc4", 16, 5, new DensePattern(), Activation.None),
        ],
        new PruneSettings(Criterion.Magnitude, schedule, Begin: 0.1, End: 0.7, Every: 10));

    /// <summary>A model of one layer.</summary>
    public static ModelDescriptor Single(LayerDescriptor layer) => new("Single", [layer]);

    public static LayerDescriptor Layer(
        string name, int inFeatures, int outFeatures, SparsityPattern pattern, Activation activation = Activation.None, bool bias = true)
        => new(name, inFeatures, outFeatures, bias, activation, 0.1f, pattern);
}
