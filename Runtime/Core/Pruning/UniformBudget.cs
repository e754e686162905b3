namespace KernelGen.Pruning;

/// <summary>
/// Every unstructured and block layer reaches the same sparsity S. Largest remainders make the total of their n weights
/// exactly round((1 - S) n); a block layer then keeps the number of whole blocks that is nearest to its part.
/// </summary>
/// <param name="sparsity">The fraction of zeros S, in [0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="sparsity"/> lies outside [0, 1).</exception>
public sealed class UniformBudget(double sparsity) : IBudget
{
    /// <summary>The fraction of zeros over all unstructured and block layers.</summary>
    public double Sparsity { get; } = ModelWide.Check(sparsity);

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelWide.WholeWeights(model, layer => (1 - Sparsity) * layer.WeightCount);
    }
}
