namespace KernelGen.Pruning;

/// <summary>Prunes one layer: its pattern, its part of the budget and its timeline.</summary>
internal sealed class LayerPruner
{
    private readonly LayerPruning _pruning;
    private readonly Minimum _minimum;
    private readonly BlockGrid _grid;
    private readonly double _sparsity;

    /// <param name="layer">The layer; not dense.</param>
    /// <param name="pruning">How and when it is pruned.</param>
    /// <param name="density">The density that the budget grants; N:M layers keep their own.</param>
    /// <param name="minimum">What the layer keeps at least; N:M layers keep their own.</param>
    /// <exception cref="ArgumentException">The criterion can't rank the layer's units.</exception>
    public LayerPruner(LayerDescriptor layer, LayerPruning pruning, double density, Minimum minimum)
    {
        Layer = layer;
        _pruning = pruning;
        _minimum = minimum;
        _grid = UnitGrid.Of(layer, pruning);
        _sparsity = layer.Pattern is NMPattern ? layer.Pattern.TargetSparsity : 1 - density;
    }

    public LayerDescriptor Layer { get; }

    public ICriterion Criterion => _pruning.Criterion;

    public PruningTimeline Timeline => _pruning.Timeline;

    /// <summary>Whether the layer is pruned by units that a budget counts, rather than group by group.</summary>
    public bool HasUnits => ModelWide.Counts(Layer);

    public double SparsityAt(long step) => Timeline.ShareAt(step, _sparsity) * _sparsity;

    /// <summary>Units to keep at a step: all but a share of those that go in the end.</summary>
    public long UnitsAt(long step)
    {
        var goInTheEnd = _grid.Count - Math.Max(1, Count.Nearest((1 - _sparsity) * _grid.Count));
        return Count.Nearest(_grid.Count - (Timeline.ShareAt(step, _sparsity) * goInTheEnd));
    }

    /// <summary>Weights to keep in each N:M group at a step.</summary>
    public int GroupAt(long step)
    {
        var pattern = (NMPattern)Layer.Pattern;
        return Math.Max(pattern.N, (int)Count.Nearest(pattern.M * (1 - SparsityAt(step))));
    }

    /// <summary>Scores the layer's weights.</summary>
    /// <exception cref="ArgumentException">Evidence is missing, or the score of an active weight is NaN.</exception>
    public float[] Score(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask, LayerEvidence evidence)
    {
        EvidenceCheck.ThrowIfMissing(Layer, Criterion, evidence, "Give it for every layer that is pruned (MaskUpdater.NeedsAt); this update changed no mask.");
        var scores = new float[weights.Length];
        Criterion.Score(Input(weights, mask, evidence), scores);
        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]) && mask[i])
            {
                var (row, column) = Math.DivRem(i, Layer.InFeatures);
                throw new ArgumentException(
                    $"Layer '{Layer.Name}': the score of the weight at row {row}, column {column} is NaN (the weight is "
                    + $"{weights[i]}), so it cannot be ranked. Restore the weights from before the run diverged; this update changed no mask.");
            }
        }

        return scores;
    }

    /// <summary>Ranks the layer's units; those that compete with other layers by the mean score in a full unit.</summary>
    public UnitRanking Rank(ReadOnlySpan<float> scores, ReadOnlySpan<bool> mask, bool competes)
    {
        var ranking = UnitRanking.Of(scores, mask, _grid, competes ? (double)_grid.BlockRows * _grid.BlockColumns : 1);
        if (Criterion.RanksPerOutput)
        {
            ranking.RankWithinRows();
        }

        // An output that stays is whole: to reserve some of each would keep them all.
        var least = _pruning.Unit == PruningUnit.Output ? _minimum with { PerOutput = 0 } : _minimum;
        ranking.Reserve(least.Of(Layer), least.PerOutput);
        return ranking;
    }

    /// <summary>Prunes each N:M group to what it keeps at a step.</summary>
    public bool KeepGroups(ReadOnlySpan<float> scores, long step, Span<bool> mask)
        => NMMask.Keep(scores, Layer.InFeatures, ((NMPattern)Layer.Pattern).M, GroupAt(step), mask);

    /// <summary>The weights that make up best for those that a new mask lacks.</summary>
    /// <exception cref="ArgumentException">A weight isn't finite.</exception>
    public float[] Compensate(
        ICompensatingCriterion criterion, ReadOnlySpan<float> weights, ReadOnlySpan<bool> former, LayerEvidence evidence, ReadOnlySpan<bool> mask)
    {
        var changed = weights.ToArray();
        criterion.Compensate(Input(weights, former, evidence), mask, changed);
        var wrong = Array.FindIndex(changed, weight => !float.IsFinite(weight));
        if (wrong >= 0)
        {
            var (row, column) = Math.DivRem(wrong, Layer.InFeatures);
            throw new ArgumentException(
                $"Layer '{Layer.Name}': {criterion.GetType().Name} makes the weight at row {row}, column {column} {changed[wrong]}. Give it "
                + "more calibration samples or more damping; this update changed no mask and no weight.");
        }

        return changed;
    }

    private ScoreInput Input(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask, LayerEvidence evidence)
        => new() { Layer = Layer, Weights = weights, Mask = mask, Evidence = evidence, Units = _grid };
}
