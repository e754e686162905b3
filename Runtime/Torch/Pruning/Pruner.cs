using KernelGen.Formats;
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
/// </remarks>
public sealed class Pruner
{
    private readonly MaskUpdater _updater;
    private readonly OptimizerMemory _memory;

    /// <summary>Prepares to prune a module.</summary>
    /// <param name="module">The module in training.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1: the run that the annotations' fractions refer to.</param>
    /// <param name="completedSteps">Steps done before, where training resumes with a module that was loaded.</param>
    /// <exception cref="ArgumentException">
    /// The model declares no pruning, or the optimiser doesn't hold the weights of a layer that has a sparsity pattern.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Pruner(SparseModule module, optim.Optimizer optimizer, long totalSteps, long completedSteps = 0)
        : this(module, optimizer, model => new MaskUpdater(model, totalSteps), totalSteps, completedSteps)
    {
    }

    /// <summary>Starts pruning by a plan that is composed in code, in place of the annotations'.</summary>
    /// <param name="module">The module in training.</param>
    /// <param name="optimizer">What updates its parameters.</param>
    /// <param name="plan">Criteria, schedules and budget.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="completedSteps">Steps done before, where training resumes with a module that was loaded.</param>
    /// <exception cref="ArgumentException">
    /// The plan doesn't fit the model, or the optimiser doesn't hold the weights of a layer that has a sparsity pattern.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is out of range.</exception>
    public Pruner(SparseModule module, optim.Optimizer optimizer, PruningPlan plan, long totalSteps, long completedSteps = 0)
        : this(module, optimizer, model => new MaskUpdater(model, plan), totalSteps, completedSteps)
    {
    }

    private Pruner(
        SparseModule module, optim.Optimizer optimizer, Func<ModelDescriptor, MaskUpdater> updater, long totalSteps, long completedSteps)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        Module = module;
        TotalSteps = totalSteps;
        CompletedSteps = completedSteps;
        _updater = updater(module.Model);
        _memory = new OptimizerMemory(module, optimizer);

        // A constant schedule prunes before the first step.
        if (completedSteps == 0 && _updater.IsUpdateStep(0))
        {
            Updated = UpdateMasks(0);
            ForgetPruned();
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

    /// <summary>Counts an optimiser step, updates the masks where one is due, and resets what is pruned.</summary>
    /// <exception cref="ArgumentException">A weight is NaN when the masks are due: the run has diverged. Nothing was changed.</exception>
    public void Step()
    {
        var step = CompletedSteps + 1;
        Updated = _updater.IsUpdateStep(step) && UpdateMasks(step);
        CompletedSteps = step;
        ForgetPruned();
    }

    // Momentum from before, and what a user writes, don't bring a weight back.
    private void ForgetPruned()
    {
        for (var i = 0; i < Module.Layers.Count; i++)
        {
            Module.Layers[i].ForgetPruned(_memory.Of(i));
        }
    }

    // The module's buffers are the truth, also after a state was loaded into it.
    private bool UpdateMasks(long step)
    {
        var weights = Module.Layers.Select(layer => new ReadOnlyMemory<float>(layer.ReadWeights())).ToArray();
        var masks = Module.Layers.Select(layer => layer.ReadMask()).ToArray();
        if (!_updater.Update(step, weights, [.. masks.Select(mask => mask.AsMemory())]))
        {
            return false;
        }

        for (var i = 0; i < masks.Length; i++)
        {
            var layer = Module.Layers[i].Layer;
            Module.Layers[i].ChangeMask(SparseMatrix.FromMask(masks[i], layer.OutFeatures, layer.InFeatures), _memory.Of(i));
        }

        return true;
    }
}
