using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using KernelGen.Formats;

namespace KernelGen.Pruning;

/// <summary>Computes a layer's rows of the dense gradient.</summary>
/// <param name="firstRow">The first of them.</param>
/// <param name="rows">How many.</param>
/// <param name="gradient">Receives them, row-major [rows, in].</param>
internal delegate void GradientRows(int firstRow, int rows, Span<float> gradient);

/// <summary>
/// Replaces active weights of a layer: prunes some near 0, grows others, and keeps to the pattern. Beside the mask it holds a tile of rows,
/// and what is proportional to the weights that are replaced.
/// </summary>
/// <param name="layer">The layer; not dense.</param>
/// <param name="growth">Chooses what grows.</param>
/// <param name="removal">Chooses what makes way.</param>
internal sealed class MaskRewirer(LayerDescriptor layer, IGrowth growth, Removal removal = Removal.Smallest)
{
    private const int TileRows = 64;

    private readonly int _columns = layer.InFeatures;
    private readonly BlockGrid _grid = UnitGrid.OfPattern(layer);

    /// <summary>Whether the layer could grow another number of weights than it loses.</summary>
    public bool IsFree => layer.Pattern is UnstructuredPattern;

    /// <summary>How many weights of an unstructured layer make way.</summary>
    public static int Removed(SparseMatrix active, double share) => Replaced(share, active.Nonzeros, (long)active.Rows * active.Columns);

    /// <summary>The next mask: without values, pooled (see <see cref="SparseMatrix.Return"/>), and, unless said otherwise, with as many units (weights, or blocks) as before.</summary>
    /// <param name="active">The active weights.</param>
    /// <param name="share">The share of them to replace.</param>
    /// <param name="seed">For growth by chance.</param>
    /// <param name="gradient">Called tile by tile, where growth needs it.</param>
    /// <param name="grown">How many weights of an unstructured layer grow; as many as make way, unless it is given.</param>
    /// <exception cref="ArgumentException">A weight or too many scores are NaN: the run has diverged.</exception>
    public SparseMatrix Rewire(SparseMatrix active, double share, int seed, GradientRows gradient, long? grown = null)
    {
        try
        {
            return layer.Pattern switch
            {
                NMPattern pattern => Groups(active, share, seed, gradient, pattern.M),
                BlockPattern => Blocks(active, share, seed, gradient),
                _ => Weights(active, Removed(active, share), grown, seed, gradient),
            };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Layer '{layer.Name}': {e.Message} Restore the weights from before the run diverged; no mask was changed.", e);
        }
    }

    private SparseMatrix Weights(SparseMatrix active, int removed, long? wanted, int seed, GradientRows gradient)
    {
        var count = (int)(wanted ?? removed);
        var pruned = RemovedWeights.Mark(active.Values, removed, removal);
        using var grown = new HighestScores(count);
        ForEachTile(seed, gradient, (first, rows, scores) =>
        {
            for (var row = 0; row < rows; row++)
            {
                var own = scores.Slice(row * _columns, _columns);
                foreach (var column in active.RowColumns(first + row))
                {
                    own[column] = float.NaN;
                }

                grown.Add(own, (first + row) * _columns);
            }
        });
        return Change(active, pruned, Grown(grown, count), active.Nonzeros - removed + count);
    }

    private SparseMatrix Blocks(SparseMatrix active, double share, int seed, GradientRows gradient)
    {
        var (sums, isActive) = (new float[_grid.Count], new bool[_grid.Count]);
        SumBlocks(active, sums, isActive);
        var count = Replaced(share, isActive.AsSpan().Count(true), _grid.Count);
        var pruned = new bool[_grid.Count];
        for (var unit = 0; unit < sums.Length; unit++)
        {
            sums[unit] = isActive[unit] ? sums[unit] : float.NegativeInfinity;
        }

        HighestScores.Mark(sums, count, pruned);
        using var grown = new HighestScores(count);
        var scoreOf = new float[_grid.BlocksAcross];
        ForEachTile(seed, gradient, (first, rows, scores) =>
        {
            for (var top = 0; top < rows; top += _grid.BlockRows)
            {
                SumRow(scores[(top * _columns)..(Math.Min(rows, top + _grid.BlockRows) * _columns)], scoreOf);
                var unit = _grid.FirstBlock(first + top);
                for (var across = 0; across < scoreOf.Length; across++)
                {
                    scoreOf[across] = isActive[unit + across] ? float.NaN : scoreOf[across];
                }

                grown.Add(scoreOf, unit);
            }
        });
        foreach (var unit in Grown(grown, count))
        {
            isActive[unit] = true;
        }

        for (var unit = 0; unit < pruned.Length; unit++)
        {
            isActive[unit] &= !pruned[unit];
        }

        return OfBlocks(isActive);
    }

    private SparseMatrix Groups(SparseMatrix active, double share, int seed, GradientRows gradient, int group)
    {
        var pruned = RemovedWeights.Mark(active.Values, Removed(active, share), removal);
        // Of the groups, in order.
        var grown = new int[pruned.AsSpan().Count(true)];
        var count = 0;
        ForEachTile(seed, gradient, (first, rows, scores) =>
        {
            for (var row = 0; row < rows; row++)
            {
                var own = scores.Slice(row * _columns, _columns);
                var columns = active.RowColumns(first + row);
                foreach (var column in columns)
                {
                    own[column] = float.NaN;
                }

                count += GrowGroups(own, columns, pruned.AsSpan(active.FirstValue(first + row), columns.Length), group, (first + row) * _columns, grown.AsSpan(count));
            }
        });
        return Change(active, pruned, grown.AsSpan(0, count), active.Nonzeros);
    }

    /// <summary>Grows as many weights of each group of a row as are pruned; what finds no place isn't.</summary>
    /// <param name="scores">Of the row's weights; loses those that grow.</param>
    /// <param name="columns">The active ones.</param>
    /// <param name="pruned">Which of them are pruned.</param>
    /// <param name="group">Columns of a group.</param>
    /// <param name="place">Of the row's first weight.</param>
    /// <param name="grown">Receives the places of those that grow.</param>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int GrowGroups(Span<float> scores, ReadOnlySpan<int> columns, Span<bool> pruned, int group, int place, Span<int> grown)
    {
        var (count, start, firstOfGroup) = (0, 0, 0);
        for (var k = 0; k < columns.Length; k++)
        {
            if (!pruned[k])
            {
                continue;
            }

            for (; start + group <= columns[k]; start += group)
            {
                firstOfGroup = count;
            }

            var best = -1;
            var most = float.NegativeInfinity;
            for (var i = start; i < Math.Min(scores.Length, start + group); i++)
            {
                if (scores[i] > most)
                {
                    (best, most) = (i, scores[i]);
                }
            }

            pruned[k] = best >= 0;
            if (best < 0)
            {
                continue;
            }

            scores[best] = float.NaN;
            var at = count++;
            for (; at > firstOfGroup && grown[at - 1] > place + best; at--)
            {
                grown[at] = grown[at - 1];
            }

            grown[at] = place + best;
        }

        return count;
    }

    private void ForEachTile(int seed, GradientRows gradient, TileAction use)
    {
        var height = Math.Max(_grid.BlockRows, TileRows / _grid.BlockRows * _grid.BlockRows);
        height = Math.Min(height, layer.OutFeatures);
        var (scores, tile) = (ArrayPool<float>.Shared.Rent(height * _columns), ArrayPool<float>.Shared.Rent(growth.NeedsGradient ? height * _columns : 0));
        for (var first = 0; first < layer.OutFeatures; first += height)
        {
            var rows = Math.Min(height, layer.OutFeatures - first);
            var own = tile.AsSpan(0, growth.NeedsGradient ? rows * _columns : 0);
            if (growth.NeedsGradient)
            {
                gradient(first, rows, own);
            }

            growth.Score(new GrowthInput { Layer = layer, FirstRow = first, Gradient = own, Seed = seed }, scores.AsSpan(0, rows * _columns));
            use(first, rows, scores.AsSpan(0, rows * _columns));
        }

        ArrayPool<float>.Shared.Return(scores);
        ArrayPool<float>.Shared.Return(tile);
    }

    private static ReadOnlySpan<int> Grown(HighestScores grown, int count)
    {
        var places = grown.Take();
        return places.Length == count ? places : throw new ArgumentException($"{count - places.Length} of {count} weights to grow have no score but NaN.");
    }

    // As many as can be replaced.
    private static int Replaced(double share, int active, long all) => (int)Math.Min(Count.Nearest(share * active), all - active);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static SparseMatrix Change(SparseMatrix active, ReadOnlySpan<bool> pruned, ReadOnlySpan<int> grown, int nonzeros)
    {
        var (starts, indices) = (new int[active.Rows + 1], ArrayPool<int>.Shared.Rent(nonzeros));
        // A row's that stay, and a last one that is never reached.
        var kept = new int[active.Columns + 1];
        var next = 0;
        for (var row = 0; row < active.Rows; row++)
        {
            var columns = active.RowColumns(row);
            var own = pruned.Slice(active.FirstValue(row), columns.Length);
            var stay = 0;
            for (var k = 0; k < columns.Length; k++)
            {
                kept[stay] = columns[k];
                stay += own[k] ? 0 : 1;
            }

            kept[stay] = int.MaxValue;
            var (begin, end) = (row * active.Columns, (row + 1) * active.Columns);
            var from = 0;
            for (; !grown.IsEmpty && grown[0] < end; grown = grown[1..])
            {
                for (; kept[from] < grown[0] - begin; from++)
                {
                    indices[next++] = kept[from];
                }

                indices[next++] = grown[0] - begin;
            }

            kept.AsSpan(from, stay - from).CopyTo(indices.AsSpan(next));
            next += stay - from;
            starts[row + 1] = next;
        }

        return SparseMatrix.FromPooledCsr(active.Rows, active.Columns, starts, indices, []);
    }

    /// <summary>A block's weights are summed up for its score, and it is active if one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumBlocks(SparseMatrix active, Span<float> sums, Span<bool> isActive)
    {
        var divider = new Divider(_grid.BlockColumns);
        for (var row = 0; row < active.Rows; row++)
        {
            var columns = active.RowColumns(row);
            var values = active.RowValues(row);
            var first = _grid.FirstBlock(row);
            for (var k = 0; k < columns.Length; k++)
            {
                var unit = first + divider.Quotient(columns[k]);
                sums[unit] -= MathF.Abs(values[k]);
                isActive[unit] = true;
            }
        }
    }

    /// <summary>The sums over a row of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumRow(ReadOnlySpan<float> scores, Span<float> sums)
    {
        sums.Clear();
        for (; !scores.IsEmpty; scores = scores[_columns..])
        {
            var column = 0;
            if (_grid.BlockColumns == 1)
            {
                for (; column + Vector<float>.Count <= sums.Length; column += Vector<float>.Count)
                {
                    (new Vector<float>(sums[column..]) + new Vector<float>(scores[column..])).CopyTo(sums[column..]);
                }
            }

            for (var across = column / _grid.BlockColumns; across < sums.Length; across++)
            {
                for (var end = Math.Min(_columns, column + _grid.BlockColumns); column < end; column++)
                {
                    sums[across] += scores[column];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private SparseMatrix OfBlocks(ReadOnlySpan<bool> blocks)
    {
        var starts = new int[_grid.Rows + 1];
        for (var row = 0; row < _grid.Rows; row++)
        {
            starts[row + 1] = starts[row] + (row % _grid.BlockRows > 0 ? starts[row] - starts[row - 1] : Width(RowOf(blocks, row)));
        }

        var indices = ArrayPool<int>.Shared.Rent(starts[^1]);
        for (var row = 0; row < _grid.Rows; row++)
        {
            var own = indices.AsSpan(starts[row], starts[row + 1] - starts[row]);
            if (row % _grid.BlockRows > 0)
            {
                indices.AsSpan(starts[row - 1], own.Length).CopyTo(own);
            }
            else
            {
                WriteColumns(RowOf(blocks, row), own);
            }
        }

        return SparseMatrix.FromPooledCsr(_grid.Rows, _grid.Columns, starts, indices, []);
    }

    private ReadOnlySpan<bool> RowOf(ReadOnlySpan<bool> blocks, int row) => blocks.Slice(_grid.FirstBlock(row), _grid.BlocksAcross);

    /// <summary>The columns of a row of blocks; the last block may be cut.</summary>
    private int Width(ReadOnlySpan<bool> blocks)
        => (blocks.Count(true) * _grid.BlockColumns) - (blocks[^1] ? (_grid.BlocksAcross * _grid.BlockColumns) - _grid.Columns : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteColumns(ReadOnlySpan<bool> blocks, Span<int> columns)
    {
        var next = 0;
        for (var across = 0; across < blocks.Length; across++)
        {
            var first = across * _grid.BlockColumns;
            for (var column = first; blocks[across] && column < Math.Min(first + _grid.BlockColumns, _grid.Columns); column++)
            {
                columns[next++] = column;
            }
        }
    }

    private delegate void TileAction(int first, int rows, Span<float> scores);
}
