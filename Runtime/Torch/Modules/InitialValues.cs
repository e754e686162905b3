using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Draws what layers begin with, as torch.nn.Linear does: uniform within 1 / sqrt(in). Both modes draw the same numbers, layer by layer.</summary>
/// <param name="generator">The source; null for torch's own.</param>
internal sealed class InitialValues(Generator? generator)
{
    /// <summary>Weights [out, in].</summary>
    public Parameter Weight(LayerDescriptor layer) => Uniform([layer.OutFeatures, layer.InFeatures], layer);

    /// <summary>A bias [out].</summary>
    public Parameter Bias(LayerDescriptor layer) => Uniform([layer.OutFeatures], layer);

    private Parameter Uniform(long[] shape, LayerDescriptor layer)
    {
        var bound = 1 / Math.Sqrt(layer.InFeatures);
        var values = empty(shape, dtype: ScalarType.Float32).uniform_(-bound, bound, generator);
        return (Parameter)new Parameter(values).DetachFromDisposeScope();
    }
}
