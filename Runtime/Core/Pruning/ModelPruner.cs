namespace KernelGen.Pruning;

/// <summary>Prunes a model at once, without a schedule: a trained one, or one before its first step.</summary>
public static class ModelPruner
{
    /// <summary>
    /// Prunes every layer to its declared target: by the model's budget, or by hand if it declares none. Nothing else need be
    /// declared: the criterion is the argument, else the declared one with its unit, else magnitude.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The weights of every layer, in order, dense and row-major [out, in].</param>
    /// <param name="criterion">Ranks the weights of all layers, and needs no evidence; optional.</param>
    /// <returns>A mask per layer, row-major [out, in]: true where a weight stays.</returns>
    /// <exception cref="ArgumentException">A size doesn't fit the model, or a weight's score is NaN.</exception>
    public static bool[][] PruneNow(
        ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, ICriterion? criterion = null)
        => PruneNow(model, weights, criterion, budget: null);

    /// <summary>
    /// The same by any criterion, in rounds: after round k of n a layer (under a competing budget, the model) has the density d^(k/n), where d
    /// is the final one, and the next round looks at what is left.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">
    /// The weights of every layer, in order, dense and row-major [out, in]; an <see cref="ICompensatingCriterion"/> changes those that stay.
    /// </param>
    /// <param name="criterion">Ranks the weights of all layers.</param>
    /// <param name="rounds">How many, at least 1; 1 prunes at once.</param>
    /// <param name="measure">
    /// Measures the evidence of every layer for a round, given the masks so far (not to be changed); called once a round. Not needed for
    /// criteria that look at weights and flow alone.
    /// </param>
    /// <returns>A mask per layer, row-major [out, in]: true where a weight stays.</returns>
    /// <exception cref="ArgumentException">
    /// A size doesn't fit the model, evidence is missing, or a weight's score is NaN; weights that earlier rounds changed stay changed.
    /// </exception>
    public static bool[][] PruneInRounds(
        ModelDescriptor model,
        IReadOnlyList<Memory<float>> weights,
        ICriterion criterion,
        int rounds,
        Func<IReadOnlyList<bool[]>, IReadOnlyList<LayerEvidence>>? measure = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(criterion);
        var updater = new MaskUpdater(model, PruningPlan.Of(model, new LayerPruning(criterion, PruningTimeline.Rounds(rounds))));
        LayerEvidence[] nothing = [.. model.Layers.Select(static _ => LayerEvidence.None)];
        var masks = FullMasks(model);
        for (var round = 1; round <= rounds; round++)
        {
            updater.Update(round, weights, Writable(masks), measure?.Invoke(masks) ?? nothing);
        }

        return masks;
    }

    /// <summary>Prunes by weights alone, with a budget in place of the declared one, unless that is null.</summary>
    internal static bool[][] PruneNow(
        ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, ICriterion? criterion, IBudget? budget)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        var once = PruningTimeline.Rounds(1);
        var layers = model.Layers.Select(layer => criterion is null && (layer.Prune ?? model.Prune) is { } settings
            ? PruningPlan.ReadPruning(settings, once)
            : new LayerPruning(criterion ?? new MagnitudeCriterion(), once));
        var updater = new MaskUpdater(model, new PruningPlan([.. layers], budget ?? PruningPlan.ReadBudget(model)));
        var masks = FullMasks(model);
        updater.Update(step: 1, weights, Writable(masks));
        return masks;
    }

    private static bool[][] FullMasks(ModelDescriptor model)
        => [.. model.Layers.Select(static layer => Enumerable.Repeat(true, (int)layer.WeightCount).ToArray())];

    private static Memory<bool>[] Writable(bool[][] masks) => [.. masks.Select(static mask => mask.AsMemory())];
}
