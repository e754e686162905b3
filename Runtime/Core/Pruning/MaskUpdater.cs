namespace KernelGen.Pruning;

/// <summary>
/// Prunes a model step by step, as its plan says. It holds no state of the run: masks come in and go out, and they only ever shrink.
/// So a pruned weight never comes back, and a resumed run needs nothing but its masks.
/// </summary>
/// <remarks>
/// Call <c>Update</c> at every step for which <see cref="IsUpdateStep"/> is true, step 0 included: it is the moment before
/// the first optimiser step, where a constant schedule prunes. A missed update is made up for by the layer's next one.
/// <list type="bullet">
/// <item>Unstructured: the highest scores of the layer stay, of equal scores the lowest index.</item>
/// <item>Block: the blocks with the highest sums of scores stay; a cut block sums over the weights it has. Counts are in blocks,
/// the nearest whole number to the layer's density.</item>
/// <item>Whole outputs or inputs (<see cref="LayerPruning.Unit"/>): as blocks of a row or a column.</item>
/// <item>N:M: each group keeps max(N, round(M (1 - s_t))) weights.</item>
/// <item>A layer keeps at least one weight or block, and what the budget's <see cref="Minimum"/> says.</item>
/// <item>Under a competing budget (<see cref="GlobalBudget"/>) the layers that are due share what the others leave of the total; at
/// the last update step of all, every competing layer is due.</item>
/// </list>
/// </remarks>
public sealed class MaskUpdater
{
    private readonly ModelDescriptor _model;
    private readonly LayerPruner?[] _layers;
    private readonly bool _competes;
    private readonly long _lastCompetition = -1;

    /// <summary>Follows the pruning that a model's annotations declare.</summary>
    /// <param name="model">The model.</param>
    /// <param name="totalSteps">Optimiser steps of the whole run, at least 1.</param>
    /// <param name="seed">The run's, for <see cref="Criterion.Random"/>.</param>
    /// <exception cref="ArgumentException">The model declares no pruning, or a setting lies outside its range.</exception>
    public MaskUpdater(ModelDescriptor model, long totalSteps, int seed = 0)
        : this(model, PruningPlan.From(model, totalSteps, seed))
    {
    }

    /// <summary>Follows a plan.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">How and when its layers are pruned.</param>
    /// <exception cref="ArgumentException">The plan or its budget doesn't fit the model.</exception>
    public MaskUpdater(ModelDescriptor model, PruningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        var densities = plan.Budget.Densities(model);
        if (plan.Layers.Count != model.Layers.Count || densities.Count != model.Layers.Count)
        {
            throw new ArgumentException(
                $"Model '{model.Name}' has {model.Layers.Count} layers, the plan {plan.Layers.Count} and its budget {densities.Count}.",
                nameof(plan));
        }

        _model = model;
        _competes = plan.Budget.Competes;
        _layers = new LayerPruner?[model.Layers.Count];
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = model.Layers[i];
            if (plan.Layers[i] is not { } pruning || layer.Pattern is DensePattern)
            {
                continue;
            }

            if (ModelWide.Counts(layer) && densities[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}': the budget grants a density of {densities[i]}; it must lie in [0, 1].", nameof(plan));
            }

            _layers[i] = new LayerPruner(layer, pruning, densities[i], plan.Budget.Minimum);
            if (_competes && _layers[i]!.HasUnits)
            {
                _lastCompetition = Math.Max(_lastCompetition, pruning.Timeline.Last);
            }
        }
    }

    /// <summary>Whether <c>Update</c> has work after a number of finished optimiser steps.</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    public bool IsUpdateStep(long step) => _layers.Any(layer => layer is not null && IsDue(layer, step));

    /// <summary>The step of the last update; negative where no layer is pruned.</summary>
    internal long LastUpdate => _layers.Max(layer => layer?.Timeline.Last ?? -1);

    /// <summary>A layer's target after a number of finished optimiser steps; under a competing budget the model-wide one.</summary>
    /// <param name="layer">The layer's place in the model.</param>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    /// <returns>The fraction of zeros; of a block layer, the fraction of pruned blocks.</returns>
    public double SparsityAt(int layer, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, _layers.Length);
        return _layers[layer]?.SparsityAt(step) ?? 0;
    }

    /// <summary>What the criteria of the layers that are pruned at a step must be given; without the flow, which the updater computes.</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    /// <returns>For each layer of the model, in order.</returns>
    public IReadOnlyList<Evidence> NeedsAt(long step)
        => [.. _layers.Select(layer => layer is not null && HasWork(layer, step) ? layer.Criterion.Needs & ~Evidence.Flow : Evidence.None)];

    /// <summary>Prunes the layers that are due to their targets, by criteria that look at weights alone; at other steps it does nothing.</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    /// <param name="weights">The weights of every layer of the model, in order, dense and row-major [out, in].</param>
    /// <param name="masks">The active weights of every layer, in the same form; pruned weights become false, none becomes true.</param>
    /// <returns>Whether any mask changed.</returns>
    /// <exception cref="ArgumentException">
    /// A size doesn't fit the model, an active weight's score is NaN, or a criterion needs evidence or changes weights (use the other
    /// overload); the masks stay as they were.
    /// </exception>
    public bool Update(long step, IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<Memory<bool>> masks)
        => Update(step, weights, masks, NoEvidence, changing: null);

    /// <summary>Prunes the layers that are due to their targets, by any criteria; at other steps it does nothing.</summary>
    /// <param name="step">Finished optimiser steps; 0 before the first.</param>
    /// <param name="weights">
    /// The weights of every layer of the model, in order, dense and row-major [out, in]. An <see cref="ICompensatingCriterion"/> changes those
    /// of its layer where the mask changed; all others stay as they are, pruned ones too.
    /// </param>
    /// <param name="masks">The active weights of every layer, in the same form; pruned weights become false, none becomes true.</param>
    /// <param name="evidence">For every layer, at least what <see cref="NeedsAt"/> names.</param>
    /// <returns>Whether any mask changed.</returns>
    /// <exception cref="ArgumentException">
    /// A size doesn't fit the model, evidence is missing, or an active weight's score is NaN; masks and weights stay as they were.
    /// </exception>
    public bool Update(
        long step, IReadOnlyList<Memory<float>> weights, IReadOnlyList<Memory<bool>> masks, IReadOnlyList<LayerEvidence> evidence)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(evidence);
        return Update(step, [.. weights.Select(static layer => (ReadOnlyMemory<float>)layer)], masks, evidence, weights);
    }

    /// <summary>Whether a layer's criterion changes the weights that stay.</summary>
    internal bool Compensates(int layer) => _layers[layer]?.Criterion is ICompensatingCriterion;

    /// <summary>The criteria of the layers that are pruned, and null for the others.</summary>
    internal IReadOnlyList<ICriterion?> Criteria => [.. _layers.Select(static layer => layer?.Criterion)];

    private LayerEvidence[] NoEvidence => [.. _layers.Select(static _ => LayerEvidence.None)];

    private bool Update(
        long step,
        IReadOnlyList<ReadOnlyMemory<float>> weights,
        IReadOnlyList<Memory<bool>> masks,
        IReadOnlyList<LayerEvidence> evidence,
        IReadOnlyList<Memory<float>>? changing)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        CheckSizes(weights, masks, evidence);
        int[] due = [.. Enumerable.Range(0, _layers.Length).Where(i => _layers[i] is { } layer && HasWork(layer, step))];
        if (changing is null && due.Any(Compensates))
        {
            var first = due.First(Compensates);
            throw new ArgumentException(
                $"Layer '{_model.Layers[first].Name}': {Criteria[first]!.GetType().Name} changes weights: give {nameof(Update)} memory that it may write, and evidence, or prune by {nameof(ModelPruner)}.{nameof(ModelPruner.PruneInRounds)}.");
        }

        // Everything that can fail comes before the first change.
        var known = WithFlow(due, weights, masks, evidence);
        var next = Prune(step, due, weights, masks, known);
        int[] changed = [.. due.Where(i => !next[i].AsSpan().SequenceEqual(masks[i].Span))];
        var compensated = changed
            .Where(Compensates)
            .ToDictionary(i => i, i => _layers[i]!.Compensate((ICompensatingCriterion)Criteria[i]!, weights[i].Span, masks[i].Span, known[i], next[i]));
        foreach (var i in changed)
        {
            next[i].CopyTo(masks[i].Span);
        }

        foreach (var (i, values) in compensated)
        {
            values.CopyTo(changing![i].Span);
        }

        return changed.Length > 0;
    }

    private IReadOnlyList<LayerEvidence> WithFlow(
        int[] due, IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<Memory<bool>> masks, IReadOnlyList<LayerEvidence> evidence)
    {
        if (!due.Any(i => _layers[i]!.Criterion.Needs.HasFlag(Evidence.Flow)))
        {
            return evidence;
        }

        var flow = SynapticFlow.Measure(_model, weights, masks);
        return [.. evidence.Select((layer, i) => layer with { Flow = flow[i] })];
    }

    /// <summary>The masks of the layers that are due, once pruned.</summary>
    private Dictionary<int, bool[]> Prune(
        long step, int[] due, IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<Memory<bool>> masks, IReadOnlyList<LayerEvidence> evidence)
    {
        var next = due.ToDictionary(i => i, i => masks[i].ToArray());
        var units = new List<(int Layer, UnitRanking Ranking)>();
        foreach (var i in due)
        {
            var scores = _layers[i]!.Score(weights[i].Span, masks[i].Span, evidence[i]);
            if (_layers[i]!.HasUnits)
            {
                units.Add((i, _layers[i]!.Rank(scores, masks[i].Span, _competes)));
            }
            else
            {
                _layers[i]!.KeepGroups(scores, step, next[i]);
            }
        }

        var counts = _competes ? Compete(step, units, masks) : [.. units.Select(unit => _layers[unit.Layer]!.UnitsAt(step))];
        for (var i = 0; i < counts.Length; i++)
        {
            units[i].Ranking.Keep(counts[i], next[units[i].Layer]);
        }

        return next;
    }

    private bool HasWork(LayerPruner layer, long step) => IsDue(layer, step) && layer.SparsityAt(step) > 0;

    private bool IsDue(LayerPruner layer, long step)
        => layer.Timeline.IsUpdateStep(step) || (layer.HasUnits && step == _lastCompetition);

    /// <summary>The units that each of the layers that are due may keep of what the other competing layers leave.</summary>
    private long[] Compete(long step, List<(int Layer, UnitRanking Ranking)> due, IReadOnlyList<Memory<bool>> masks)
    {
        var total = 0.0;
        var taken = 0L;
        for (var i = 0; i < _layers.Length; i++)
        {
            if (_layers[i] is { HasUnits: true } layer)
            {
                total += layer.Layer.WeightCount * (1 - layer.SparsityAt(step));
                taken += due.Exists(unit => unit.Layer == i) ? 0 : masks[i].Span.Count(true);
            }
        }

        return GlobalCompetition.Allot([.. due.Select(static unit => unit.Ranking)], Count.Nearest(total) - taken);
    }

    private void CheckSizes(
        IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<Memory<bool>> masks, IReadOnlyList<LayerEvidence> evidence)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(masks);
        if (weights.Count != _layers.Length || masks.Count != _layers.Length || evidence.Count != _layers.Length)
        {
            throw new ArgumentException(
                $"Model '{_model.Name}' has {_layers.Length} layers; given are the weights of {weights.Count}, the masks of {masks.Count} and "
                + $"the evidence of {evidence.Count}.");
        }

        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _model.Layers[i];
            if (weights[i].Length != layer.WeightCount || masks[i].Length != layer.WeightCount)
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}' has {layer.OutFeatures} x {layer.InFeatures} = {layer.WeightCount} weights; given are "
                    + $"{weights[i].Length} weights and {masks[i].Length} mask entries.");
            }
        }
    }
}
