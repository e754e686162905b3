namespace KernelGen.Pruning;

/// <summary>
/// Scores compete across all unstructured and block layers, block by block with the mean score of a full block's weights, until
/// exactly round((1 - S) n) of their n weights are left. A block that no longer fits into the total ends its layer's part;
/// single weights of other layers fill the gap. Where only block layers are left, less than a block is missing.
/// </summary>
/// <param name="sparsity">The fraction of zeros S, in [0, 1).</param>
/// <param name="minimum">
/// What each layer keeps at least; the others compete for the rest, so that the total holds. Only where the minima alone are above
/// it they win.
/// </param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="sparsity"/> lies outside [0, 1).</exception>
public sealed class GlobalBudget(double sparsity, Minimum? minimum = null) : IBudget
{
    /// <summary>The fraction of zeros over all unstructured and block layers.</summary>
    public double Sparsity { get; } = ModelWide.Check(sparsity);

    /// <inheritdoc/>
    public Minimum Minimum { get; } = minimum ?? Minimum.One;

    /// <inheritdoc/>
    public bool Competes => true;

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Layers.Select(layer => 1 - (ModelWide.Counts(layer) ? Sparsity : layer.Pattern.TargetSparsity))];
    }
}
