namespace KernelGen.Pruning;

/// <summary>The units of a layer, as blocks of its matrix.</summary>
internal static class UnitGrid
{
    /// <summary>The units of a layer's pattern: its blocks, or single weights.</summary>
    public static BlockGrid OfPattern(LayerDescriptor layer)
        => layer.Pattern is BlockPattern block
            ? new BlockGrid(layer.OutFeatures, layer.InFeatures, block.Rows, block.Columns)
            : new BlockGrid(layer.OutFeatures, layer.InFeatures, 1, 1);

    /// <summary>Cuts a layer into units.</summary>
    /// <exception cref="ArgumentException">The unit is unknown.</exception>
    public static BlockGrid Of(LayerDescriptor layer, PruningUnit unit)
    {
        var own = OfPattern(layer);
        return unit switch
        {
            PruningUnit.Pattern => own,
            PruningUnit.Output => new BlockGrid(layer.OutFeatures, layer.InFeatures, own.BlockRows, layer.InFeatures),
            PruningUnit.Input => new BlockGrid(layer.OutFeatures, layer.InFeatures, layer.OutFeatures, own.BlockColumns),
            _ => throw new ArgumentException($"Layer '{layer.Name}': the unit {unit} is unknown.", nameof(unit)),
        };
    }

    /// <summary>Cuts a layer into the units that are pruned at a time.</summary>
    /// <exception cref="ArgumentException">The criterion can't rank them.</exception>
    public static BlockGrid Of(LayerDescriptor layer, LayerPruning pruning)
    {
        var unit = layer.Pattern is NMPattern ? PruningUnit.Pattern : pruning.Unit;
        var grid = Of(layer, unit);
        var name = pruning.Criterion.GetType().Name;
        if (pruning.Criterion.Unit is not PruningUnit.Pattern and var only && only != unit)
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}' ({layer.Pattern}): {name} ranks the unit {only} alone, and the layer is pruned by the unit {unit}. "
                + (layer.Pattern is NMPattern ? "N:M has no other: give the layer another criterion." : "Leave Unit unset, in [Prune] or LayerPruning, or give the layer another criterion."),
                nameof(pruning));
        }

        return pruning.Criterion.RanksPerOutput && unit == PruningUnit.Output
            ? throw new ArgumentException(
                $"Layer '{layer.Name}': {name} compares weights within an output alone, and so can't rank outputs. Give the layer another criterion or unit.",
                nameof(pruning))
            : grid;
    }
}
