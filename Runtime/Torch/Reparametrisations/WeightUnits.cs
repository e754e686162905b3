using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>The units of a layer as tensors: a number for each of them is [down, across], as blocks lie in the matrix.</summary>
/// <param name="layer">The layer.</param>
/// <param name="unit">Which weights stay or go together.</param>
internal sealed class WeightUnits(LayerDescriptor layer, PruningUnit unit)
{
    private readonly BlockGrid _grid = UnitGrid.Of(layer, unit);

    /// <summary>The units as [down, across].</summary>
    public long[] Shape => [_grid.BlocksDown, _grid.BlocksAcross];

    /// <summary>How many there are.</summary>
    public int Count => _grid.Count;

    // Each unit is a weight: there is nothing to sum, and nothing is copied.
    private bool AreWeights => _grid.BlockRows == 1 && _grid.BlockColumns == 1;

    /// <summary>The unit of a weight.</summary>
    public int Of(int row, int column) => _grid.FirstBlock(row) + (column / _grid.BlockColumns);

    /// <summary>Sums over units.</summary>
    /// <param name="numbers">[out, in].</param>
    /// <returns>[down, across].</returns>
    public Tensor Sum(Tensor numbers)
    {
        if (AreWeights)
        {
            return numbers.reshape(Shape);
        }

        using var scope = NewDisposeScope();
        var (below, beside) = ((_grid.BlocksDown * _grid.BlockRows) - _grid.Rows, (_grid.BlocksAcross * _grid.BlockColumns) - _grid.Columns);
        var whole = below + beside > 0 ? nn.functional.pad(numbers, (0L, beside, 0L, below)) : numbers;
        return whole.reshape(_grid.BlocksDown, _grid.BlockRows, _grid.BlocksAcross, _grid.BlockColumns).sum([1, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>Gives each weight the number of its unit.</summary>
    /// <param name="numbers">[down, across].</param>
    /// <returns>[out, in].</returns>
    public Tensor Spread(Tensor numbers)
    {
        if (AreWeights)
        {
            return numbers.reshape(Shape);
        }

        using var scope = NewDisposeScope();
        var whole = numbers.reshape(_grid.BlocksDown, 1, _grid.BlocksAcross, 1).expand(_grid.BlocksDown, _grid.BlockRows, _grid.BlocksAcross, _grid.BlockColumns)
            .reshape(_grid.BlocksDown * _grid.BlockRows, _grid.BlocksAcross * _grid.BlockColumns);
        return whole.narrow(0, 0, _grid.Rows).narrow(1, 0, _grid.Columns).MoveToOuterDisposeScope();
    }
}
