using KernelGen.Formats;
using KernelGen.Masks;

namespace KernelGen;

/// <summary>A layer as its annotations declare it.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="InFeatures">Inputs.</param>
/// <param name="OutFeatures">Outputs.</param>
/// <param name="Bias">Whether the layer adds a bias.</param>
/// <param name="Activation">The activation that follows.</param>
/// <param name="NegativeSlope">The slope of <see cref="KernelGen.Activation.LeakyRelu"/> below zero.</param>
/// <param name="Pattern">Which sets of weights the layer may keep.</param>
/// <param name="Prune">The layer's own pruning settings, or null where the model's hold.</param>
/// <param name="Grow">The layer's own growth, or null where the model's holds.</param>
public sealed record LayerDescriptor(
    string Name,
    int InFeatures,
    int OutFeatures,
    bool Bias,
    Activation Activation,
    float NegativeSlope,
    SparsityPattern Pattern,
    PruneSettings? Prune = null,
    GrowSettings? Grow = null)
{
    /// <summary>Number of weights, zeros included: OutFeatures * InFeatures.</summary>
    public long WeightCount => (long)OutFeatures * InFeatures;

    /// <summary>Says how a mask breaks the layer's pattern, naming the first offending row and column; null if it doesn't.</summary>
    /// <param name="mask">Row-major [OutFeatures, InFeatures]: true for an active weight.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public string? FindViolation(ReadOnlySpan<bool> mask)
    {
        if (mask.Length != WeightCount)
        {
            throw new ArgumentException($"A mask of layer '{Name}\' has {WeightCount} elements, not {mask.Length}.", nameof(mask));
        }

        return PatternCheck.FindViolation(this, SparseMatrix.FromDense(new float[mask.Length], OutFeatures, InFeatures, mask));
    }
}
