using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>Groups of a layer's weights as tensors: a number for each of them is [down, across], as blocks lie in the matrix.</summary>
internal sealed class WeightUnits
{
    private readonly BlockGrid _grid;

    /// <param name="layer">The layer.</param>
    /// <param name="groups">Its groups.</param>
    /// <exception cref="ArgumentException">Removing such a group would cut blocks of the layer's pattern.</exception>
    public WeightUnits(LayerDescriptor layer, WeightGroups groups)
    {
        var (rows, columns) = layer.Pattern is BlockPattern block ? (block.Rows, block.Columns) : (1, 1);
        if ((groups == WeightGroups.Outputs && rows > 1) || (groups == WeightGroups.Inputs && columns > 1))
        {
            throw new ArgumentException($"Layer '{layer.Name}' has blocks of {rows} x {columns} weights, which groups of {groups} would cut: use {nameof(WeightGroups)}.{nameof(WeightGroups.Pattern)}.");
        }

        _grid = groups switch
        {
            WeightGroups.Outputs => new BlockGrid(layer.OutFeatures, layer.InFeatures, 1, layer.InFeatures),
            WeightGroups.Inputs => new BlockGrid(layer.OutFeatures, layer.InFeatures, layer.OutFeatures, 1),
            WeightGroups.Pattern => new BlockGrid(layer.OutFeatures, layer.InFeatures, rows, columns),
            _ => throw new ArgumentOutOfRangeException(nameof(groups), groups, "There are no such groups."),
        };
    }

    /// <summary>The groups as [down, across].</summary>
    public long[] Shape => [_grid.BlocksDown, _grid.BlocksAcross];

    /// <summary>How many there are.</summary>
    public int Count => _grid.Count;

    /// <summary>The group of a weight.</summary>
    public int Of(int row, int column) => _grid.FirstBlock(row) + (column / _grid.BlockColumns);

    /// <summary>Sums over groups.</summary>
    /// <param name="numbers">[out, in].</param>
    /// <returns>[down, across].</returns>
    public Tensor Sum(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var (below, beside) = ((_grid.BlocksDown * _grid.BlockRows) - _grid.Rows, (_grid.BlocksAcross * _grid.BlockColumns) - _grid.Columns);
        var whole = below + beside > 0 ? nn.functional.pad(numbers, (0L, beside, 0L, below)) : numbers;
        return whole.reshape(_grid.BlocksDown, _grid.BlockRows, _grid.BlocksAcross, _grid.BlockColumns).sum([1, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>Gives each weight the number of its group.</summary>
    /// <param name="numbers">[down, across].</param>
    /// <returns>[out, in].</returns>
    public Tensor Spread(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var whole = numbers.reshape(_grid.BlocksDown, 1, _grid.BlocksAcross, 1).expand(_grid.BlocksDown, _grid.BlockRows, _grid.BlocksAcross, _grid.BlockColumns)
            .reshape(_grid.BlocksDown * _grid.BlockRows, _grid.BlocksAcross * _grid.BlockColumns);
        return whole.narrow(0, 0, _grid.Rows).narrow(1, 0, _grid.Columns).MoveToOuterDisposeScope();
    }
}
