using KernelGen.Pruning;

namespace KernelGen.Measures;

/// <summary>
/// Operations of training on one sample in one step, on average over a run. A step costs three forward passes: one forward, one for
/// the gradients of inputs, one for those of weights (Evci et al. 2020, *Rigging the Lottery*, arXiv 1911.11134, appendix H). Below
/// f_S is a forward pass of the sparse model, f_D one of the dense.
/// </summary>
public static class TrainingFlops
{
    /// <summary>3 f_D: dense training.</summary>
    /// <param name="dense">f_D.</param>
    public static double Dense(double dense) => 3 * dense;

    /// <summary>3 f_S: a mask that stays, or that changes without gradients of inactive weights, as SET's does.</summary>
    /// <param name="sparse">f_S.</param>
    public static double Static(double sparse) => 3 * sparse;

    /// <summary>2 f_S + f_D: dense weight gradients in every step, as SNFS takes them.</summary>
    /// <param name="sparse">f_S.</param>
    /// <param name="dense">f_D.</param>
    public static double Snfs(double sparse, double dense) => (2 * sparse) + dense;

    /// <summary>(3 f_S dT + 2 f_S + f_D) / (dT + 1): dense weight gradients once in dT + 1 steps, as RigL takes them.</summary>
    /// <param name="sparse">f_S.</param>
    /// <param name="dense">f_D.</param>
    /// <param name="every">dT, steps between two changes of the mask, at least 1.</param>
    public static double RigL(double sparse, double dense, int every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return ((3 * sparse * every) + (2 * sparse) + dense) / (every + 1.0);
    }

    /// <summary>
    /// E[3 f_D (1 - s_t)]: gradual pruning, whose masks shrink along a schedule. Each layer counts with its own target and timeline,
    /// and with the sparsity of its last update; rounding to whole units is left out.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">How and when its layers are pruned.</param>
    /// <param name="totalSteps">Steps of the run, at least 1.</param>
    /// <exception cref="ArgumentException">The plan doesn't fit the model.</exception>
    public static double Gradual(ModelDescriptor model, PruningPlan plan, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        var updater = new MaskUpdater(model, plan);
        var flops = 0.0;
        for (var i = 0; i < model.Layers.Count; i++)
        {
            flops += Dense(2.0 * model.Layers[i].WeightCount) * MeanDensity(plan.Layers[i]?.Timeline, step => updater.SparsityAt(i, step), totalSteps);
        }

        return flops;
    }

    /// <summary>A layer's density in the mean over all steps; before step t + 1 the mask is that of the last update up to t.</summary>
    private static double MeanDensity(PruningTimeline? timeline, Func<long, double> sparsityAt, long totalSteps)
    {
        var (sum, density) = (0.0, 1.0);
        for (var step = 0L; step < totalSteps; step++)
        {
            density = timeline is not null && timeline.IsUpdateStep(step) ? 1 - sparsityAt(step) : density;
            sum += density;
        }

        return sum / totalSteps;
    }
}
