using System.Runtime.InteropServices;

namespace KernelGen.Pruning;

/// <summary>
/// The units of a layer (weights or blocks), ranked: a greater key ranks higher, of equal keys the lower index. A unit without
/// active weights has key 0, below every other; one that is reserved has the highest key.
/// </summary>
internal sealed class UnitRanking
{
    private const ulong Sign = 1UL << 63;
    private const ulong Reserved = ulong.MaxValue;

    private readonly BlockGrid _grid;
    private readonly ulong[] _keys;
    private readonly int[]? _sizes;

    private UnitRanking(BlockGrid grid, ulong[] keys, int[]? sizes)
    {
        _grid = grid;
        _keys = keys;
        _sizes = sizes;
    }

    /// <summary>The units' keys, in order.</summary>
    public ReadOnlySpan<ulong> Keys => _keys;

    /// <summary>The units' active weights, in order; empty where units are single weights.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The units that stay whatever else is asked for: what <see cref="Reserve"/> found, else none.</summary>
    public long Minimum { get; private set; }

    /// <summary>Ranks the units by the sum of the scores of their active weights.</summary>
    /// <param name="scores">Scores, row-major.</param>
    /// <param name="mask">The active weights.</param>
    /// <param name="grid">The units; single weights where its blocks are 1 x 1.</param>
    /// <param name="divisor">Each sum is divided by it, so that layers with other units can be compared.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or a sum is NaN.</exception>
    public static UnitRanking Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> mask, BlockGrid grid, double divisor = 1)
    {
        if (scores.Length != grid.Length || mask.Length != grid.Length)
        {
            throw new ArgumentException(
                $"A {grid.Rows} x {grid.Columns} matrix needs {grid.Length} scores and mask entries, not {scores.Length} and {mask.Length}.");
        }

        return grid is { BlockRows: 1, BlockColumns: 1 }
            ? OfWeights(scores, mask, grid, divisor)
            : OfBlocks(scores, mask, grid, divisor);
    }

    /// <summary>Ranks the units by their place within their row of blocks, so that all rows keep the same share; of equal places by their index.</summary>
    public void RankWithinRows()
    {
        for (var down = 0; down < _grid.BlocksDown; down++)
        {
            var first = down * _grid.BlocksAcross;
            int[] order = [.. Enumerable.Range(first, _grid.BlocksAcross).Where(unit => _keys[unit] > 0).OrderByDescending(unit => _keys[unit])];
            for (var place = 0; place < order.Length; place++)
            {
                _keys[order[place]] = Key(-(double)place / _grid.BlocksAcross);
            }
        }
    }

    /// <summary>Reserves the best units of each row that hold a number of its weights, and as many as hold a number of weights in all.</summary>
    /// <param name="weights">Active weights to keep in all, at least 1.</param>
    /// <param name="perRow">Weights to keep in each row.</param>
    public void Reserve(long weights, int perRow)
    {
        var reserved = 0L;
        for (var down = 0; perRow > 0 && down < _grid.BlocksDown; down++)
        {
            var first = down * _grid.BlocksAcross;
            var left = (long)perRow;
            foreach (var across in Enumerable.Range(0, _grid.BlocksAcross).OrderByDescending(across => _keys[first + across]))
            {
                if (left <= 0 || _keys[first + across] == 0)
                {
                    break;
                }

                var (start, end) = _grid.Cells(0, across);
                left -= end - start;
                _keys[first + across] = Reserved;
                reserved++;
            }
        }

        Minimum = Math.Max(reserved, UnitsWith(weights));
    }

    /// <summary>The active weights of a number of the highest units.</summary>
    public long WeightsOf(long units)
    {
        var (threshold, ties) = RankSelect.Threshold([this], units, bySize: false);
        var weights = 0L;
        for (var unit = 0; unit < _keys.Length; unit++)
        {
            var key = _keys[unit];
            if (key != 0 && (key > threshold || (key == threshold && ties-- > 0)))
            {
                weights += SizeOf(unit);
            }
        }

        return weights;
    }

    /// <summary>The active weights of a unit.</summary>
    public int SizeOf(int unit) => _sizes is null ? 1 : _sizes[unit];

    /// <summary>Prunes all but the highest units.</summary>
    /// <param name="count">Units to keep; the minimum where that is more.</param>
    /// <param name="mask">Loses the weights of all other units.</param>
    /// <returns>Whether the mask changed.</returns>
    public bool Keep(long count, Span<bool> mask)
    {
        var (threshold, ties) = RankSelect.Threshold([this], Math.Max(count, Minimum), bySize: false);
        var changed = false;
        for (var unit = 0; unit < _keys.Length; unit++)
        {
            var key = _keys[unit];
            if (key == 0 || key > threshold || (key == threshold && ties-- > 0))
            {
                continue;
            }

            Clear(unit, mask);
            changed = true;
        }

        return changed;
    }

    /// <summary>The fewest of the highest units that hold a number of active weights, at least 1; all where they hold fewer.</summary>
    private long UnitsWith(long weights)
    {
        var (threshold, left) = RankSelect.Threshold([this], weights - 1, bySize: true);
        var units = 0L;
        for (var unit = 0; unit < _keys.Length; unit++)
        {
            var key = _keys[unit];
            if (key != 0 && (key > threshold || (key == threshold && left >= 0)))
            {
                units++;
                left -= key == threshold ? SizeOf(unit) : 0;
            }
        }

        return units;
    }

    private static UnitRanking OfWeights(ReadOnlySpan<float> scores, ReadOnlySpan<bool> mask, BlockGrid grid, double divisor)
    {
        var keys = new ulong[scores.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = mask[i] ? Key(scores[i] / divisor) : 0;
        }

        return new UnitRanking(grid, keys, sizes: null);
    }

    private static UnitRanking OfBlocks(ReadOnlySpan<float> scores, ReadOnlySpan<bool> mask, BlockGrid grid, double divisor)
    {
        var keys = new ulong[grid.Count];
        var sizes = new int[keys.Length];
        var sums = MemoryMarshal.Cast<ulong, double>(keys.AsSpan());
        for (var row = 0; row < grid.Rows; row++)
        {
            var unit = grid.FirstBlock(row);
            for (var across = 0; across < grid.BlocksAcross; across++, unit++)
            {
                var (start, end) = grid.Cells(row, across);
                for (var i = start; i < end; i++)
                {
                    if (mask[i])
                    {
                        sums[unit] += scores[i];
                        sizes[unit]++;
                    }
                }
            }
        }

        for (var unit = 0; unit < keys.Length; unit++)
        {
            keys[unit] = sizes[unit] > 0 ? Key(sums[unit] / divisor) : 0;
        }

        return new UnitRanking(grid, keys, sizes);
    }

    /// <summary>Orders scores as unsigned numbers above 0.</summary>
    private static ulong Key(double score)
    {
        if (double.IsNaN(score))
        {
            throw new ArgumentException("A score, or the sum of a block's scores, is NaN; it cannot be ranked.");
        }

        // Adding 0 makes -0 and +0 equal. Negative numbers order backwards by their bits, and only a NaN would become 0.
        var bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        return (bits & Sign) == 0 ? bits | Sign : ~bits;
    }

    private void Clear(int unit, Span<bool> mask)
    {
        if (_sizes is null)
        {
            mask[unit] = false;
            return;
        }

        var (down, across) = Math.DivRem(unit, _grid.BlocksAcross);
        var firstRow = down * _grid.BlockRows;
        var lastRow = (int)Math.Min((long)firstRow + _grid.BlockRows, _grid.Rows);
        for (var row = firstRow; row < lastRow; row++)
        {
            var (start, end) = _grid.Cells(row, across);
            mask[start..end].Clear();
        }
    }
}
