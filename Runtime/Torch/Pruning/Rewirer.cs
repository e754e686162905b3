using KernelGen.Formats;
using KernelGen.Pruning;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Changes a module's masks while it trains, at a constant number of active weights: two lines in an ordinary loop, the constructor before it and
/// <see cref="Step"/> after each <c>optimizer.step()</c>. What an optimiser remembers follows its weight; a weight that grows begins at 0, with nothing
/// remembered of it.
/// </summary>
/// <example>
/// <code>
/// var masks = RandomMasks.Create(Mlp.Descriptor, seed: 1, new ErkBudget(0.9));
/// var module = SparseModule.For&lt;Mlp&gt;(TrainingMode.Sparse, seed: 1, masks);
/// var optimizer = new SparseAdam(module.parameters());
/// var rewirer = new Rewirer(module, optimizer, Rewiring.RigL(), totalSteps, seed: 1);
/// // in the loop, after optimizer.step():
/// rewirer.Step();
/// </code>
/// </example>
public sealed class Rewirer
{
    private readonly OptimizerMemory _memory;
    private readonly LayersRewirer[] _parts;

    /// <summary>Prepares to change masks in all layers alike.</summary>
    /// <param name="module">The module in training, with the masks to begin with.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="rewiring">How masks change.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="seed">For growth by chance.</param>
    /// <param name="completedSteps">Steps done before, where training resumes.</param>
    /// <exception cref="ArgumentException">The optimiser doesn't hold the weights of a layer that has a sparsity pattern, or every weight is active.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Rewirer(SparseModule module, optim.Optimizer optimizer, Rewiring rewiring, long totalSteps, int seed = 0, long completedSteps = 0)
        : this(module, optimizer, _ => rewiring ?? throw new ArgumentNullException(nameof(rewiring)), totalSteps, seed, completedSteps)
    {
    }

    /// <summary>
    /// Prepares to change masks as the model's <see cref="GrowAttribute"/> declare, a layer's own in place of the model's. It doesn't prune: create the
    /// module with <see cref="RandomMasks"/>, or a <see cref="Pruner"/> before this.
    /// </summary>
    /// <param name="module">The module in training, with the masks to begin with.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="seed">For growth by chance.</param>
    /// <param name="completedSteps">Steps done before, where training resumes.</param>
    /// <exception cref="ArgumentException">
    /// The model declares no growth, or one that isn't followed here (<see cref="Growth.AcDc"/> and those after it), every weight is active, or the optimiser doesn't hold the weights of a layer that has a sparsity pattern.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Rewirer(SparseModule module, optim.Optimizer optimizer, long totalSteps, int seed = 0, long completedSteps = 0)
        : this(module, optimizer, Declared(module), totalSteps, seed, completedSteps)
    {
    }

    private Rewirer(SparseModule module, optim.Optimizer optimizer, Func<LayerDescriptor, Rewiring?> rewirings, long totalSteps, int seed, long completedSteps)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.ThrowIfReparametrised();
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        Module = module;
        TotalSteps = totalSteps;
        Seed = seed;
        CompletedSteps = completedSteps;
        _memory = new OptimizerMemory(module, optimizer);
        Rewirings = [.. module.Layers.Select(layer => layer.HasPattern ? rewirings(layer.Layer) : null)];
        if (module.Layers.Zip(Rewirings).All(pair => pair.Second is null || pair.First.ActiveCount == pair.First.Layer.WeightCount))
        {
            throw new ArgumentException(
                $"No weight of model '{module.Model.Name}' can grow: all are active. Create the module with masks (KernelGen.Pruning.RandomMasks), or create a Pruner that prunes before the first step.",
                nameof(module));
        }

        _parts =
        [
            .. Rewirings.OfType<Rewiring>().Distinct().Select(rewiring => new LayersRewirer(
                module, _memory, rewiring, [.. Enumerable.Range(0, Rewirings.Count).Where(i => rewiring.Equals(Rewirings[i]))], totalSteps, seed)),
        ];
        ForgetPruned();
        foreach (var part in _parts)
        {
            part.Begin(completedSteps);
        }
    }

    /// <summary>The module in training.</summary>
    public SparseModule Module { get; }

    /// <summary>How each layer's mask changes, in order; null where it stays.</summary>
    public IReadOnlyList<Rewiring?> Rewirings { get; }

    /// <summary>Optimiser steps in the whole run.</summary>
    public long TotalSteps { get; }

    /// <summary>The seed of growth by chance.</summary>
    public int Seed { get; }

    /// <summary>Optimiser steps done.</summary>
    public long CompletedSteps { get; private set; }

    /// <summary>Whether the last <see cref="Step"/> changed masks.</summary>
    public bool Updated { get; private set; }

    /// <summary>Counts an optimiser step, and changes the masks where that is due; by the gradient of the batches that the step was computed from.</summary>
    /// <exception cref="ArgumentException">A weight or gradient is NaN when the masks are due: the run has diverged. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">Growth needs a gradient, and there was no backward pass since the last step. Nothing was changed.</exception>
    public void Step()
    {
        var step = CompletedSteps + 1;
        foreach (var part in _parts)
        {
            part.CheckGradients(CompletedSteps);
        }

        // All new masks before anything is changed: a step that fails can be repeated.
        var next = _parts.Select(part => part.Next(step)).ToArray();
        Updated = next.Any(masks => masks.Count > 0);
        foreach (var part in _parts)
        {
            part.AddGradients(CompletedSteps);
        }

        foreach (var (part, masks) in _parts.Zip(next))
        {
            part.Change(masks, step);
        }

        CompletedSteps = step;
        ForgetPruned();
        foreach (var part in _parts)
        {
            part.KeepBatches(step);
        }
    }

    private static Func<LayerDescriptor, Rewiring?> Declared(SparseModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var declared = GrowthFollower.Rewirer.Declared(module.Model);
        // Layers with equal settings share a rewiring: they may exchange weights.
        var rewirings = declared.Values.Distinct().ToDictionary(settings => settings, Rewiring.From);
        return layer => declared.TryGetValue(layer, out var settings) ? rewirings[settings] : null;
    }

    private void ForgetPruned()
    {
        foreach (var (i, layer) in Module.Layers.Index())
        {
            layer.ForgetPruned(_memory.Of(i));
        }
    }
}
