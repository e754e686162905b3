namespace KernelGen.Pruning;

/// <summary>How and when one layer is pruned.</summary>
/// <param name="Criterion">Ranks its weights.</param>
/// <param name="Timeline">Its schedule over the steps of the run.</param>
public sealed record LayerPruning(ICriterion Criterion, PruningTimeline Timeline)
{
    /// <summary>What is pruned at a time; the criterion's own unit unless set.</summary>
    public PruningUnit Unit { get; init; } = Criterion?.Unit ?? throw new ArgumentNullException(nameof(Criterion));
}
