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

    /// <summary>The factor at which the layers that count keep factor * proportion weights, within their bounds, and the total in all.</summary>
    public static double Factor(ModelDescriptor model, Func<LayerDescriptor, double> proportion, double sparsity, Minimum minimum)
    {
        var counted = model.Layers.Where(Counts).ToArray();
        return BoundedShares.Factor(
            [.. counted.Select(layer => Part(layer, proportion, minimum))],
            (1 - sparsity) * counted.Sum(static layer => layer.WeightCount));
    }

    /// <summary>
    /// Spreads a total over the layers that count in given proportions, within their bounds, as densities of whole weights; other
    /// layers keep their own.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="proportion">What a layer keeps where no bound holds, up to the common factor.</param>
    /// <param name="sparsity">The fraction of zeros over the layers that count.</param>
    /// <param name="minimum">What each of them keeps at least.</param>
    public static double[] Densities(
        ModelDescriptor model, Func<LayerDescriptor, double> proportion, double sparsity, Minimum minimum)
    {
        var counted = model.Layers.Where(Counts).ToArray();
        var factor = Factor(model, proportion, sparsity, minimum);
        var kept = LargestRemainder.Round(
            [.. counted.Select(layer => Part(layer, proportion, minimum).At(factor))],
            [.. counted.Select(minimum.Of)],
            [.. counted.Select(static layer => layer.WeightCount)]);
        var next = 0;
        return
        [
            .. model.Layers.Select(layer => Counts(layer)
                ? (double)kept[next++] / layer.WeightCount
                : 1 - layer.Pattern.TargetSparsity),
        ];
    }

    // The one weight that every layer keeps is a matter of rounding: it bends no share.
    private static BoundedShares.Part Part(LayerDescriptor layer, Func<LayerDescriptor, double> proportion, Minimum minimum)
        => new(proportion(layer), minimum.Of(layer) is > 1 and var least ? least : 0, layer.WeightCount);
}
