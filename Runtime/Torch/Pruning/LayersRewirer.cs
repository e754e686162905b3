using KernelGen.Formats;
using KernelGen.Pruning;

namespace KernelGen.Torch;

/// <summary>Changes the masks of those layers of a module that change alike.</summary>
internal sealed class LayersRewirer
{
    private readonly SparseModule _module;
    private readonly OptimizerMemory _memory;
    private readonly Rewiring _rewiring;
    private readonly long _totalSteps;
    private readonly int _seed;

    // Of the layers, which have a pattern all.
    private readonly int[] _places;
    private readonly MaskRewirer[] _rewirers;

    // Where growth goes by a mean over the steps.
    private readonly GradientMean[]? _means;

    /// <param name="module">The module in training.</param>
    /// <param name="memory">What an optimiser remembers of its weights.</param>
    /// <param name="rewiring">How masks change.</param>
    /// <param name="places">The layers, by their places in the module.</param>
    /// <param name="totalSteps">Optimiser steps in the whole run.</param>
    /// <param name="seed">For growth by chance.</param>
    /// <exception cref="ArgumentException">The rewiring lacks something.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the rewiring is out of range.</exception>
    public LayersRewirer(SparseModule module, OptimizerMemory memory, Rewiring rewiring, int[] places, long totalSteps, int seed)
    {
        ThrowIfInvalid(rewiring);
        (_module, _memory, _rewiring, _places, _totalSteps, _seed) = (module, memory, rewiring, places, totalSteps, seed);
        _rewirers = [.. Layers.Select(layer => new MaskRewirer(layer.Layer, rewiring.Growth, rewiring.Removal))];
        _means = rewiring.Growth is { NeedsGradient: true, Momentum: > 0 } growth ? [.. Layers.Select(layer => new GradientMean(layer, growth.Momentum))] : null;
    }

    private IEnumerable<TrainedLayer> Layers => _places.Select(place => _module.Layers[place]);

    /// <summary>Begins, or goes on after so many steps.</summary>
    public void Begin(long completedSteps)
    {
        foreach (var layer in Layers)
        {
            layer.GradientMean = completedSteps == 0 ? null : layer.GradientMean;
        }

        KeepBatches(completedSteps);
    }

    /// <summary>Checks that a step has gradients, where there is a mean that masks will still change by.</summary>
    /// <param name="completedSteps">Steps before it.</param>
    /// <exception cref="InvalidOperationException">A layer has none.</exception>
    public void CheckGradients(long completedSteps)
    {
        foreach (var layer in FollowsGradients(completedSteps) ? Layers : [])
        {
            layer.DenseGradient(0, 1, new float[layer.Layer.InFeatures]);
        }
    }

    /// <summary>Adds a step's gradients to that mean; once its masks are known, since it can't be taken back.</summary>
    /// <param name="completedSteps">Steps before it.</param>
    public void AddGradients(long completedSteps)
    {
        foreach (var mean in FollowsGradients(completedSteps) ? _means! : [])
        {
            // The gradient that new masks were found by is computed once more: its rows aren't kept.
            mean.Add();
        }
    }

    /// <summary>The layers' next masks; none where no change is due. Nothing is changed.</summary>
    public IReadOnlyList<NextMask> Next(long step)
    {
        if (!_rewiring.IsUpdateStep(step, _totalSteps))
        {
            return [];
        }

        var share = _rewiring.ShareAt(step, _totalSteps);
        SparseMatrix[] active = [.. Layers.Select(layer => layer.ReadActive())];
        var grown = _rewiring.Redistributes ? Redistribute(active, share) : new long?[active.Length];
        return [.. active.Select((own, i) => new NextMask(own, _rewirers[i].Rewire(own, share, SeedOf(step, _places[i]), Gradient(i), grown[i])))];
    }

    /// <summary>Changes the masks.</summary>
    /// <param name="masks">What <see cref="Next"/> gave.</param>
    /// <param name="step">Steps done.</param>
    public void Change(IReadOnlyList<NextMask> masks, long step)
    {
        for (var i = 0; i < masks.Count; i++)
        {
            // The last one stays.
            var packing = HasUpdatesAfter(step) ? Packing.Quick : Packing.Thorough;
            _module.Layers[_places[i]].ChangeMask(masks[i].Next, _memory.Of(_places[i]), packing, masks[i].Former);
            masks[i].Former.Return();
            masks[i].Next.Return();
        }
    }

    /// <summary>Keeps the next step's batches where its gradients will be needed.</summary>
    public void KeepBatches(long completedSteps)
    {
        var keep = FollowsGradients(completedSteps) || (_rewiring.Growth.NeedsGradient && _rewiring.IsUpdateStep(completedSteps + 1, _totalSteps));
        foreach (var layer in Layers)
        {
            layer.KeepBatches(keep);
        }
    }

    private static void ThrowIfInvalid(Rewiring rewiring)
    {
        if (rewiring.Every < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(rewiring), rewiring.Every, "Masks change every so many steps, at least 1: set Every.");
        }

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
    }

    // How many weights grow in each layer that could also grow another number than it loses.
    private long?[] Redistribute(SparseMatrix[] active, double share)
    {
        var grown = new long?[active.Length];
        var free = Enumerable.Range(0, active.Length).Where(i => _rewirers[i].IsFree).ToArray();
        var counts = Redistribution.Grown(
            [.. free.Select(i => Redistribution.MeanOfActive(active[i], Gradient(i)))],
            [.. free.Select(i => Change(i, active[i], share))]);
        foreach (var (k, i) in free.Index())
        {
            grown[i] = counts[k];
        }

        return grown;
    }

    private Redistribution.LayerChange Change(int i, SparseMatrix active, double share)
    {
        var layer = _module.Layers[_places[i]];
        return new(active.Nonzeros, MaskRewirer.Removed(active, share), layer.Layer.WeightCount, layer.Room);
    }

    private GradientRows Gradient(int i) => _means is { } means ? means[i].Next : _module.Layers[_places[i]].DenseGradient;

    // Whether the next step's gradients belong to a mean that masks will still change by.
    private bool FollowsGradients(long completedSteps) => _means is not null && HasUpdatesAfter(completedSteps);

    private bool HasUpdatesAfter(long step) => _rewiring.IsUpdateStep(((step / _rewiring.Every) + 1) * _rewiring.Every, _totalSteps);

    /// <summary>A layer's mask, and the one that takes its place.</summary>
    public readonly record struct NextMask(SparseMatrix Former, SparseMatrix Next);

    private int SeedOf(long step, int layer) => unchecked((int)(((uint)_seed * 0x9e3779b1) + ((uint)step * 0x85ebca77) + ((uint)layer * 0xc2b2ae3d)));
}
