namespace KernelGen.Pruning;

/// <summary>
/// Every unstructured and block layer reaches the same sparsity S. Largest remainders make the total of their n weights
/// exactly round((1 - S) n); a block layer then keeps the number of whole blocks that is nearest to its part.
/// </summary>
/// <param name="sparsity">The fraction of zeros S, in [0, 1).</param>
/// <param name="minimum">
/// What each layer keeps at least; the others then get sparser, at one sparsity again, so that the total holds. Only where the
/// minima alone are above it they win.
/// </param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="sparsity"/> lies outside [0, 1).</exception>
public sealed class UniformBudget(double sparsity, Minimum? minimum = null) : IBudget
{
    /// <summary>The fraction of zeros over all unstructured and block layers.</summary>
    public double Sparsity { get; } = ModelWide.Check(sparsity);

    /// <inheritdoc/>
    public Minimum Minimum { get; } = minimum ?? Minimum.One;

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelWide.Densities(model, static layer => layer.WeightCount, Sparsity, Minimum);
    }
}
