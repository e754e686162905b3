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
    private readonly MaskRewirer?[] _rewirers;

    // Of layers that have a pattern, where growth goes by a mean over the steps.
    private readonly GradientMean?[] _means;

    /// <summary>Prepares to change masks.</summary>
    /// <param name="module">The module in training, with the masks to begin with.</param>
    /// <param name="optimizer">The optimiser, created from the module's parameters.</param>
    /// <param name="rewiring">How masks change.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run, at least 1.</param>
    /// <param name="seed">For growth by chance.</param>
    /// <param name="completedSteps">Steps done before, where training resumes.</param>
    /// <exception cref="ArgumentException">The optimiser doesn't hold the weights of a layer that has a sparsity pattern.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Rewirer(SparseModule module, optim.Optimizer optimizer, Rewiring rewiring, long totalSteps, int seed = 0, long completedSteps = 0)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(rewiring);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(completedSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(rewiring.Every, 1, nameof(rewiring));
        if (rewiring.Share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rewiring), rewiring.Share, "The share of weights that is replaced lies between 0 and 1.");
        }

        if (rewiring.Growth is null || rewiring.End is not (>= 0 and <= 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A rewiring needs a growth rule, and an end between 0 and 1, the whole run; it has {rewiring.Growth?.GetType().Name ?? "none"} and {rewiring.End}."), nameof(rewiring));
        }

        if (rewiring.Redistributes && !rewiring.Growth.NeedsGradient)
        {
            throw new ArgumentException($"Layers exchange weights by their gradients, which {rewiring.Growth.GetType().Name} doesn't need: take a growth rule that does, such as MomentumGrowth.", nameof(rewiring));
        }

        Module = module;
        Rewiring = rewiring;
        TotalSteps = totalSteps;
        Seed = seed;
        CompletedSteps = completedSteps;
        _memory = new OptimizerMemory(module, optimizer);
        _rewirers = [.. module.Layers.Select(layer => layer.HasPattern ? new MaskRewirer(layer.Layer, rewiring.Growth, rewiring.Removal) : null)];
        var momentum = rewiring.Growth is { NeedsGradient: true, Momentum: > 0 } growth ? growth.Momentum : 0;
        _means = [.. module.Layers.Select(layer => momentum > 0 && layer.HasPattern ? new GradientMean(layer, momentum) : null)];
        foreach (var (i, layer) in module.Layers.Index())
        {
            layer.ForgetPruned(_memory.Of(i));
            layer.GradientMean = completedSteps == 0 ? null : layer.GradientMean;
        }

        KeepBatches();
    }

    /// <summary>The module in training.</summary>
    public SparseModule Module { get; }

    /// <summary>How masks change.</summary>
    public Rewiring Rewiring { get; }

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
        var isDue = Rewiring.IsUpdateStep(step, TotalSteps);
        if (FollowsGradients)
        {
            AddGradients();
        }

        if (isDue)
        {
            ChangeMasks(step);
        }

        Updated = isDue;
        CompletedSteps = step;
        foreach (var (i, layer) in Module.Layers.Index())
        {
            layer.ForgetPruned(_memory.Of(i));
        }

        KeepBatches();
    }

    private void ChangeMasks(long step)
    {
        var share = Rewiring.ShareAt(step, TotalSteps);
        var active = Module.Layers.Select((layer, i) => _rewirers[i] is null ? null : layer.ReadActive()).ToArray();
        var grown = Rewiring.Redistributes ? Redistribute(active, share) : new long?[active.Length];
        // All before the first is changed.
        var next = active.Select((own, i) => own is null ? null : _rewirers[i]!.Rewire(own, share, SeedOf(step, i), Gradient(i), grown[i])).ToArray();
        for (var i = 0; i < next.Length; i++)
        {
            if (next[i] is { } mask)
            {
                Module.Layers[i].ChangeMask(mask, _memory.Of(i));
            }
        }

        if (!HasUpdatesAfter(step))
        {
            // These masks stay.
            foreach (var layer in Module.Layers.OfType<SparseLinear>())
            {
                layer.Repack(Packing.Thorough);
            }
        }
    }

    // How many weights grow in each layer that could also grow another number than it loses.
    private long?[] Redistribute(SparseMatrix?[] active, double share)
    {
        var grown = new long?[active.Length];
        var free = Enumerable.Range(0, active.Length).Where(i => _rewirers[i] is { IsFree: true }).ToArray();
        var counts = Redistribution.Grown(
            [.. free.Select(i => Redistribution.MeanOfActive(active[i]!, Gradient(i)))],
            [.. free.Select(i => new Redistribution.LayerChange(active[i]!.Nonzeros, MaskRewirer.Removed(active[i]!, share), Module.Layers[i].Layer.WeightCount, Module.Layers[i].Room))]);
        foreach (var (k, i) in free.Index())
        {
            grown[i] = counts[k];
        }

        return grown;
    }

    private GradientRows Gradient(int layer) => _means[layer] is { } mean ? mean.Rows : Module.Layers[layer].DenseGradient;

    // Whether the next step's gradients belong to a mean that masks will still change by.
    private bool FollowsGradients => _means.Any(mean => mean is not null) && HasUpdatesAfter(CompletedSteps);

    private bool HasUpdatesAfter(long step) => Rewiring.IsUpdateStep(((step / Rewiring.Every) + 1) * Rewiring.Every, TotalSteps);

    private void AddGradients()
    {
        // A layer without a gradient is found before anything is added.
        foreach (var layer in Module.Layers.Where(layer => layer.HasPattern))
        {
            layer.DenseGradient(0, 1, new float[layer.Layer.InFeatures]);
        }

        foreach (var mean in _means)
        {
            mean?.Add();
        }
    }

    private void KeepBatches()
    {
        var keep = FollowsGradients || (Rewiring.Growth.NeedsGradient && Rewiring.IsUpdateStep(CompletedSteps + 1, TotalSteps));
        foreach (var layer in Module.Layers.Where(layer => layer.HasPattern))
        {
            layer.KeepBatches(keep);
        }
    }

    private int SeedOf(long step, int layer) => unchecked((int)(((uint)Seed * 0x9e3779b1) + ((uint)step * 0x85ebca77) + ((uint)layer * 0xc2b2ae3d)));
}
