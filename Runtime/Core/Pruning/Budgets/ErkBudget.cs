namespace KernelGen.Pruning;

/// <summary>
/// Erdős-Rényi-Kernel: the density of an unstructured or block layer is eps * (in + out) / (in * out), so that small layers stay
/// denser (Evci et al. 2020, arXiv 1911.11134). A layer that would exceed density 1 is dense, and eps is solved again for the
/// rest. Largest remainders make the total of their n weights exactly round((1 - S) n); a block layer then keeps the number
/// of whole blocks that is nearest to its part.
/// </summary>
/// <param name="sparsity">The fraction of zeros S over these layers, in [0, 1).</param>
/// <param name="minimum">
/// What each layer keeps at least; eps is then solved for the others, so that the total holds. Only where the minima alone are
/// above it they win.
/// </param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="sparsity"/> lies outside [0, 1).</exception>
public sealed class ErkBudget(double sparsity, Minimum? minimum = null) : IBudget
{
    /// <summary>The fraction of zeros over all unstructured and block layers.</summary>
    public double Sparsity { get; } = ModelWide.Check(sparsity);

    /// <inheritdoc/>
    public Minimum Minimum { get; } = minimum ?? Minimum.One;

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelWide.Densities(model, Perimeter, Sparsity, Minimum);
    }

    /// <summary>Solves eps, the kept weights per input and output; infinite where every layer is dense.</summary>
    internal double Epsilon(ModelDescriptor model) => ModelWide.Factor(model, Perimeter, Sparsity, Minimum);

    private static double Perimeter(LayerDescriptor layer) => (double)layer.InFeatures + layer.OutFeatures;
}
