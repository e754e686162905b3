namespace KernelGen.Pruning;

/// <summary>Prunes a trained model at once, without a schedule.</summary>
public static class ModelPruner
{
    /// <summary>
    /// Prunes every layer to its declared target: by the model's budget, or by hand if it declares none. Nothing else need be
    /// declared: the criterion is the argument, else the declared one, else magnitude.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The weights of every layer, in order, dense and row-major [out, in].</param>
    /// <param name="criterion">Ranks the weights of all layers; optional.</param>
    /// <returns>A mask per layer, row-major [out, in]: true where a weight stays.</returns>
    /// <exception cref="ArgumentException">A size doesn't fit the model, or a weight's score is NaN.</exception>
    public static bool[][] PruneNow(
        ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, ICriterion? criterion = null)
        => PruneNow(model, weights, criterion, budget: null);

    /// <summary>The same with a budget in place of the declared one, unless that is null.</summary>
    internal static bool[][] PruneNow(
        ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, ICriterion? criterion, IBudget? budget)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        var now = new PruningTimeline(new OneShotSchedule(), begin: 0, end: 0, every: 1, totalSteps: 0);
        var layers = model.Layers.Select(layer => new LayerPruning(criterion ?? Declared(model, layer), now));
        var updater = new MaskUpdater(model, new PruningPlan([.. layers], budget ?? PruningPlan.ReadBudget(model)));

        var masks = model.Layers.Select(static layer => new bool[layer.WeightCount]).ToArray();
        foreach (var mask in masks)
        {
            Array.Fill(mask, true);
        }

        updater.Update(step: 0, weights, [.. masks.Select(static mask => mask.AsMemory())]);
        return masks;
    }

    private static ICriterion Declared(ModelDescriptor model, LayerDescriptor layer)
        => PruningPlan.ReadCriterion((layer.Prune ?? model.Prune)?.Criterion ?? Criterion.Magnitude);
}
