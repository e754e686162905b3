namespace KernelGen.Pruning;

/// <summary>
/// Erdős-Rényi-Kernel: the density of an unstructured or block layer is eps * (in + out) / (in * out), so that small layers stay
/// denser (Evci et al. 2020, arXiv 1911.11134). A layer that would exceed density 1 is dense, and eps is solved again for the
/// rest. Largest remainders make the total of their n weights exactly round((1 - S) n); a block layer then keeps the number
/// of whole blocks that is nearest to its part.
/// </summary>
/// <param name="sparsity">The fraction of zeros S over these layers, in [0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="sparsity"/> lies outside [0, 1).</exception>
public sealed class ErkBudget(double sparsity) : IBudget
{
    /// <summary>The fraction of zeros over all unstructured and block layers.</summary>
    public double Sparsity { get; } = ModelWide.Check(sparsity);

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var eps = Epsilon(model);
        return ModelWide.WholeWeights(model, layer => Math.Min(layer.WeightCount, eps * Perimeter(layer)));
    }

    /// <summary>Solves eps, the kept weights per input and output; infinite where every layer is dense.</summary>
    internal double Epsilon(ModelDescriptor model)
    {
        var open = model.Layers.Where(ModelWide.Counts).ToList();
        var left = (1 - Sparsity) * open.Sum(static layer => layer.WeightCount);
        while (open.Count > 0)
        {
            var eps = left / open.Sum(Perimeter);

            // Capping a layer raises eps for the others: a layer above density 1 stays above, so all are capped at once.
            var capped = open.Where(layer => eps * Perimeter(layer) > layer.WeightCount).ToList();
            if (capped.Count == 0)
            {
                return eps;
            }

            left -= capped.Sum(static layer => layer.WeightCount);
            open.RemoveAll(capped.Contains);
        }

        return double.PositiveInfinity;
    }

    private static double Perimeter(LayerDescriptor layer) => (double)layer.InFeatures + layer.OutFeatures;
}
