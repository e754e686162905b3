namespace KernelGen.Pruning;

/// <summary>What the budgets with a model-wide sparsity share.</summary>
internal static class ModelWide
{
    /// <summary>Whether a layer counts in the model-wide total: its pattern leaves the number of weights open.</summary>
    public static bool Counts(LayerDescriptor layer) => layer.Pattern is UnstructuredPattern or BlockPattern;

    /// <summary>Checks a model-wide sparsity.</summary>
    public static double Check(double sparsity)
        => sparsity is >= 0 and < 1
            ? sparsity
            : throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "The model-wide sparsity must lie in [0, 1).");

    /// <summary>Turns the shares of the layers that count into densities of whole weights; other layers keep their own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">The weights that a layer should keep, as a fraction of a weight if need be.</param>
    public static double[] WholeWeights(ModelDescriptor model, Func<LayerDescriptor, double> share)
    {
        var counted = model.Layers.Where(Counts).ToArray();
        var kept = LargestRemainder.Round([.. counted.Select(share)], [.. counted.Select(static layer => layer.WeightCount)]);
        var next = 0;
        return
        [
            .. model.Layers.Select(layer => Counts(layer)
                ? (double)kept[next++] / layer.WeightCount
                : 1 - layer.Pattern.TargetSparsity),
        ];
    }
}
