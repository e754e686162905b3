using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>The kinds of kernels that a layer needs.</summary>
/// <param name="Sparse">Kernels for its pattern; null for a dense layer.</param>
/// <param name="Dense">The fallback above the crossover density.</param>
internal sealed record LayerPlan(KernelKind? Sparse, KernelKind Dense)
{
    public static LayerPlan Of(LayerSpec layer)
    {
        var slope = layer.Activation == Activation.LeakyRelu ? layer.NegativeSlope : 0;
        var dense = new KernelKind(layer.OutFeatures, layer.InFeatures, new DenseSpec(), layer.Activation, slope);
        SparsitySpec? pattern = layer.Pattern switch
        {
            UnstructuredSpec => new UnstructuredSpec(0),
            NMSpec p => p,
            BlockSpec p => p with { Target = 0 },
            _ => null,
        };
        return new LayerPlan(pattern is null ? null : dense with { Pattern = pattern }, dense);
    }
}
