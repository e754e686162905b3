using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Prunes a module at once, without a schedule: before its first step, or after training.</summary>
public static class ModulePruner
{
    /// <summary>
    /// Prunes every layer to its target in rounds: after round k of n a layer (under a competing budget, the module) has the density d^(k/n),
    /// where d is the final one, and the next round looks at what is left.
    /// </summary>
    /// <param name="module">The module; masks only ever shrink.</param>
    /// <param name="criterion">Ranks the weights of all layers.</param>
    /// <param name="rounds">How many, at least 1; 1 prunes at once.</param>
    /// <param name="calibration">Measures anew for each round; needed where the criterion looks at more than weights and flow.</param>
    /// <param name="optimizer">An optimiser that goes on with the module, so that it forgets what is pruned; optional.</param>
    /// <param name="budget">Spreads the sparsity over the layers; the declared one, or by hand, unless given.</param>
    /// <exception cref="ArgumentException">
    /// The criterion needs a calibration, or what only training adds up; or a score is NaN: what earlier rounds pruned stays pruned.
    /// </exception>
    public static void PruneInRounds(
        SparseModule module,
        ICriterion criterion,
        int rounds = 1,
        Calibration? calibration = null,
        optim.Optimizer? optimizer = null,
        IBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(criterion);
        Prune(module, PruningPlan.Of(module.Model, new LayerPruning(criterion, PruningTimeline.Rounds(rounds)), budget), calibration, optimizer);
    }

    /// <summary>Follows a plan to its end: each update of its timelines is a round.</summary>
    /// <param name="module">The module; masks only ever shrink.</param>
    /// <param name="plan">Criteria, units, rounds (<see cref="PruningTimeline.Rounds"/>) and budget.</param>
    /// <param name="calibration">Measures anew for each round; needed where a criterion looks at more than weights and flow.</param>
    /// <param name="optimizer">An optimiser that goes on with the module, so that it forgets what is pruned; optional.</param>
    /// <exception cref="ArgumentException">
    /// The plan doesn't fit the model, a criterion needs a calibration, or what only training adds up; or a score is NaN: what earlier rounds
    /// pruned stays pruned.
    /// </exception>
    public static void Prune(SparseModule module, PruningPlan plan, Calibration? calibration = null, optim.Optimizer? optimizer = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(plan);
        var updater = new MaskUpdater(module.Model, plan);
        ModuleMaskUpdater.Check(module, updater, calibration);
        ThrowIfOfTraining(module, updater);
        var memory = optimizer is null ? null : new OptimizerMemory(module, optimizer);
        using var sums = new TrainingSums(module, updater.Criteria, completedSteps: 0, lastUse: 0);
        var update = new ModuleMaskUpdater(module, updater, calibration, sums, layer => memory?.Of(layer) ?? LayerMemory.None);
        var last = plan.Layers.Max(static layer => layer?.Timeline.Last ?? 0);
        var changed = false;
        for (var round = 0L; round <= last; round++)
        {
            try
            {
                changed |= updater.IsUpdateStep(round) && update.Apply(round);
            }
            catch (ArgumentException e) when (changed)
            {
                throw new ArgumentException($"{e.Message} What earlier rounds pruned stays pruned.", e);
            }
        }
    }

    private static void ThrowIfOfTraining(SparseModule module, MaskUpdater updater)
    {
        foreach (var (i, criterion) in updater.Criteria.Index())
        {
            if (criterion is not null && (criterion.Needs & TrainingSums.Kinds) is not Evidence.None and var needs)
            {
                throw new ArgumentException(
                    $"Layer '{module.Layers[i].Layer.Name}': {criterion.GetType().Name} needs {needs}, which the steps of training add up: use a {nameof(Pruner)}.");
            }
        }
    }
}
