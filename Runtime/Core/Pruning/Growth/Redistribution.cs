using KernelGen.Formats;

namespace KernelGen.Pruning;

/// <summary>
/// Spreads the weights that layers lose over the layers again, by the mean |gradient| of their active weights (SNFS: Dettmers and Zettlemoyer 2019,
/// arXiv 1907.04840). The total stays.
/// </summary>
internal static class Redistribution
{
    private const int TileRows = 64;

    /// <summary>The mean |gradient| of a layer's active weights; 0 where it has none.</summary>
    public static double MeanOfActive(SparseMatrix active, GradientRows gradient)
    {
        var tile = new float[Math.Min(TileRows, active.Rows) * active.Columns];
        var sum = 0.0;
        for (var first = 0; first < active.Rows; first += TileRows)
        {
            var rows = Math.Min(TileRows, active.Rows - first);
            gradient(first, rows, tile.AsSpan(0, rows * active.Columns));
            for (var row = 0; row < rows; row++)
            {
                foreach (var column in active.RowColumns(first + row))
                {
                    sum += Math.Abs(tile[(row * active.Columns) + column]);
                }
            }
        }

        return sum / Math.Max(1, active.Nonzeros);
    }

    /// <summary>How many weights grow in each layer.</summary>
    /// <param name="means">The mean |gradient| of each layer's active weights.</param>
    /// <param name="layers">What each layer has and loses.</param>
    /// <returns>
    /// A count for each layer, in proportion to the means, as far as there is room: what finds none goes to the others, in proportion again. A layer
    /// keeps at least one weight.
    /// </returns>
    /// <exception cref="ArgumentException">A mean is NaN or infinite: the run has diverged.</exception>
    public static long[] Grown(IReadOnlyList<double> means, IReadOnlyList<LayerChange> layers)
    {
        if (means.Any(mean => !double.IsFinite(mean)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The mean |gradients| of the layers' active weights are {string.Join(", ", means)}: layers can't exchange weights by them. Restore the weights from before the run diverged; no mask was changed."));
        }

        // A layer without any gradient gets next to nothing, not a share of nothing.
        var largest = means.DefaultIfEmpty().Max();
        var parts = means.Zip(layers, (mean, layer) => new BoundedShares.Part(largest > 0 ? Math.Max(mean / largest, 1e-9) : 1, layer.Minimum, layer.Capacity)).ToArray();
        var total = layers.Sum(layer => layer.Removed);
        var factor = BoundedShares.Factor(parts, total);
        return LargestRemainder.Round(
            [.. parts.Select(part => part.At(factor))], [.. layers.Select(layer => layer.Minimum)], [.. layers.Select(layer => layer.Capacity)]);
    }

    /// <summary>What a layer has and loses.</summary>
    /// <param name="Active">Active weights.</param>
    /// <param name="Removed">Those that make way.</param>
    /// <param name="Weights">All weights.</param>
    /// <param name="Room">Active weights that it has room for, at least those that it has.</param>
    public sealed record LayerChange(long Active, long Removed, long Weights, long Room)
    {
        /// <summary>What must grow so that the layer isn't empty.</summary>
        public long Minimum => Active > Removed || Removed == 0 ? 0 : 1;

        /// <summary>What can grow: places that aren't active, and room.</summary>
        public long Capacity => Math.Min(Weights - Active, Room - (Active - Removed));
    }
}
