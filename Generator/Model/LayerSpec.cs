namespace KernelGen.Generator.Model;

/// <summary>A [Linear] property: everything that emission needs, nothing of the compilation.</summary>
/// <param name="Name">The property's name, without a leading @.</param>
/// <param name="Modifiers">The property's modifiers as the implementing part must repeat them, such as "public partial".</param>
internal sealed record LayerSpec(
    string Name,
    string Modifiers,
    int InFeatures,
    int OutFeatures,
    bool Bias,
    Activation Activation,
    float NegativeSlope,
    SparsitySpec Pattern,
    PruneSpec? Prune,
    GrowSpec? Grow);
