namespace KernelGen.Pruning;

/// <summary>What an <see cref="IGrowth"/> may look at.</summary>
public readonly ref struct GrowthInput
{
    /// <summary>The layer as declared.</summary>
    public required LayerDescriptor Layer { get; init; }

    /// <summary>The first of the rows.</summary>
    public required int FirstRow { get; init; }

    /// <summary>
    /// Their part of the dense gradient, row-major [rows, in], active weights included; with <see cref="IGrowth.Momentum"/>, of its exponential mean.
    /// Empty unless <see cref="IGrowth.NeedsGradient"/>.
    /// </summary>
    public required ReadOnlySpan<float> Gradient { get; init; }

    /// <summary>A number that differs between updates and layers, and depends on nothing but the run's seed and the step.</summary>
    public required int Seed { get; init; }
}
