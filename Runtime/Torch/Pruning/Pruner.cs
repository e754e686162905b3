using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Prunes a module while it trains, as its annotations declare: two lines in an ordinary loop, the constructor before it and
/// <see cref="Step"/> after each <c>optimizer.step()</c>.
/// </summary>
/// <remarks>
/// After each step pruned weights are 0, and so is what the optimiser remembers of them: momentum from before can't bring one back.
/// The memory is reached in every optimiser of TorchSharp that is written in C# (all but LBFGS); for others only the weights are
/// reset.
/// <para>
/// Criteria that look at more than weights need a <see cref="Calibration"/>, which measures whenever masks are due, or what the steps of training
/// add up. For the latter each step's product is g w, with the gradient that is there when <see cref="Step"/> is called (so call it before
/// <c>zero_grad</c>) and the weights that the last <see cref="Step"/> left, or that were there when the pruner was created: whoever writes
/// weights in between calls <see cref="ClearSums"/>. <see cref="Checkpoint"/> saves the sums, and a pruner that goes on in a run wants them back:
/// <see cref="Checkpoint.LoadPruner"/>.
/// </para>
/// </remarks>
public sealed class Pruner : IDisposable
{
    private readonly MaskUpdater _updater;
    private readonly OptimizerMemory _memory;
    private readonly ModuleMaskUpdater _update;

    /// <summary>Prepares to prune a module.</summary>
    /// <param name="module">The module in training.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1: the run that the annotations' fractions refer to.</param>
    /// <param name="completedSteps">Steps done before, where training resumes with a module that was loaded.</param>
    /// <param name="calibration">Measures what criteria need beside weights and training steps; optional.</param>
    /// <param name="seed">The run's, for <see cref="Criterion.Random"/>: equal seeds prune the same weights.</param>
    /// <exception cref="ArgumentException">
    /// The model declares no pruning, a criterion needs a calibration or steps of training and has none, or the optimiser doesn't hold the
    /// weights of a layer that has a sparsity pattern.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Pruner(SparseModule module, optim.Optimizer optimizer, long totalSteps, long completedSteps = 0, Calibration? calibration = null, int seed = 0)
        : this(module, optimizer, model => new MaskUpdater(model, totalSteps, seed), totalSteps, completedSteps, calibration)
    {
    }

    /// <summary>Starts pruning by a plan that is composed in code, in place of the annotations'.</summary>
    /// <param name="module">The module in training.</param>
    /// <param name="optimizer">What updates its parameters.</param>
    /// <param name="plan">Criteria, schedules and budget.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="completedSteps">Steps done before, where training resumes with a module that was loaded.</param>
    /// <param name="calibration">Measures what criteria need beside weights and training steps; optional.</param>
    /// <exception cref="ArgumentException">
    /// The plan doesn't fit the model, a criterion needs a calibration or steps of training and has none, or the optimiser doesn't hold the
    /// weights of a layer that has a sparsity pattern.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Pruner(
        SparseModule module, optim.Optimizer optimizer, PruningPlan plan, long totalSteps, long completedSteps = 0, Calibration? calibration = null)
        : this(module, optimizer, model => new MaskUpdater(model, plan), totalSteps, completedSteps, calibration)
    {
    }

    private Pruner(
        SparseModule module,
        optim.Optimizer optimizer,
        Func<ModelDescriptor, MaskUpdater> updater,
        long totalSteps,
        long completedSteps,
        Calibration? calibration)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        Module = module;
        TotalSteps = totalSteps;
        CompletedSteps = completedSteps;
        _updater = updater(module.Model);
        ModuleMaskUpdater.Check(module, _updater, calibration);
        _memory = new OptimizerMemory(module, optimizer);
        // A constant schedule prunes before the first step.
        var begins = completedSteps == 0 && _updater.IsUpdateStep(0);
        if (begins)
        {
            ThrowIfTooEarly();
        }

        Sums = new TrainingSums(module, _updater.Criteria, completedSteps, _updater.LastUpdate);
        _update = new ModuleMaskUpdater(module, _updater, calibration, Sums, _memory.Of);
        if (begins)
        {
            Updated = _update.Apply(0);
            ForgetPruned();
            Sums.Remember();
        }
    }

    /// <summary>The module in training.</summary>
    public SparseModule Module { get; }

    /// <summary>Optimiser steps in the whole run.</summary>
    public long TotalSteps { get; }

    /// <summary>Optimiser steps done.</summary>
    public long CompletedSteps { get; private set; }

    /// <summary>How much of the run is done, from 0 to 1.</summary>
    public double Progress => Math.Min(1, (double)CompletedSteps / TotalSteps);

    /// <summary>Whether the last <see cref="Step"/> (or the constructor, before the first) changed a mask.</summary>
    public bool Updated { get; private set; }

    /// <summary>The fraction of zeros over all layers that have a sparsity pattern; 0 if none has.</summary>
    public double Sparsity
    {
        get
        {
            var layers = Module.Layers.Where(layer => layer.HasPattern).ToArray();
            var total = layers.Sum(layer => layer.Layer.WeightCount);
            return total == 0 ? 0 : 1 - ((double)layers.Sum(layer => layer.ActiveCount) / total);
        }
    }

    /// <summary>The fraction of zeros of each layer, in order.</summary>
    public IReadOnlyList<double> LayerSparsity => [.. Module.Layers.Select(layer => layer.Sparsity)];

    /// <summary>What the steps of training added up.</summary>
    internal TrainingSums Sums { get; }

    /// <summary>Counts an optimiser step, updates the masks where one is due, and resets what is pruned.</summary>
    /// <exception cref="ArgumentException">A weight is NaN when the masks are due: the run has diverged. No mask was changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A criterion adds up the steps of training, and a gradient is missing, or the sums of the steps done before; nothing was changed.
    /// </exception>
    public void Step()
    {
        var step = CompletedSteps + 1;
        Sums.Add(step);
        Updated = _updater.IsUpdateStep(step) && _update.Apply(step);
        CompletedSteps = step;
        ForgetPruned();
        Sums.Remember();
    }

    /// <summary>
    /// Forgets what the steps of training added up (sensitivity, movement), and begins anew with the weights as they are: for whoever writes
    /// weights between two steps. <see cref="Rewinder"/> does it by itself.
    /// </summary>
    public void ClearSums() => Sums.Clear(CompletedSteps);

    /// <summary>Frees what the steps of training added up; the pruner takes no more steps.</summary>
    public void Dispose() => Sums.Dispose();

    // Momentum from before, and what a user writes, don't bring a weight back.
    private void ForgetPruned()
    {
        for (var i = 0; i < Module.Layers.Count; i++)
        {
            Module.Layers[i].ForgetPruned(_memory.Of(i));
        }
    }

    private void ThrowIfTooEarly()
    {
        for (var i = 0; i < Module.Layers.Count; i++)
        {
            if ((_updater.NeedsAt(0)[i] & TrainingSums.Kinds) != 0)
            {
                throw new ArgumentException(
                    $"Layer '{Module.Layers[i].Layer.Name}': {_updater.Criteria[i]!.GetType().Name} ranks by the steps of training, and the schedule prunes before the first. Begin later.");
            }
        }
    }
}
