namespace KernelGen;

/// <summary>A model as its annotations declare it.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Layers">The layers in the order they run.</param>
/// <param name="Prune">The model's pruning settings, or null where none are declared.</param>
/// <param name="Grow">How the model's masks change in training, or null where nothing is declared.</param>
public sealed record ModelDescriptor(string Name, IReadOnlyList<LayerDescriptor> Layers, PruneSettings? Prune = null, GrowSettings? Grow = null)
{
    /// <summary>Inputs of the first layer.</summary>
    public int InFeatures => Layers[0].InFeatures;

    /// <summary>Outputs of the last layer.</summary>
    public int OutFeatures => Layers[^1].OutFeatures;
}
