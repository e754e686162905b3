namespace KernelGen.Pruning;

/// <summary>What an <see cref="ICriterion"/> may look at.</summary>
public readonly ref struct ScoreInput
{
    private readonly BlockGrid _units;

    /// <summary>The layer as declared.</summary>
    public required LayerDescriptor Layer { get; init; }

    /// <summary>Its weights, row-major [out, in].</summary>
    public required ReadOnlySpan<float> Weights { get; init; }

    /// <summary>Its active weights, row-major [out, in].</summary>
    public required ReadOnlySpan<bool> Mask { get; init; }

    /// <summary>What the criterion asked for; empty for one that <see cref="ICriterion.Needs"/> none.</summary>
    public required LayerEvidence Evidence { get; init; }

    /// <summary>What is pruned at a time; what the layer's pattern knows, blocks or single weights, unless set.</summary>
    public BlockGrid Units
    {
        get => _units.Rows > 0 ? _units : UnitGrid.OfPattern(Layer);
        init => _units = value;
    }
}
