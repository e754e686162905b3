namespace KernelGen.Pruning;

/// <summary>What an <see cref="ICriterion"/> may look at.</summary>
public readonly ref struct ScoreInput
{
    /// <summary>The layer as declared.</summary>
    public required LayerDescriptor Layer { get; init; }

    /// <summary>Its weights, row-major [out, in].</summary>
    public required ReadOnlySpan<float> Weights { get; init; }
}
