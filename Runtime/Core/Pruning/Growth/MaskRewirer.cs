using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>The next mask: without values, and, unless said otherwise, with as many units (weights, or blocks) as before.</summary>
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
        var grown = new HighestScores(count);
        ForEachTile(seed, gradient, (first, rows, scores) =>
        {
            for (var row = 0; row < rows; row++)
            {
                var own = scores.Slice(row * _columns, _columns);
                foreach (var column in active.RowColumns(first + row))
                {
                    own[column] = float.NaN;
                }

                AddRow(grown, own, (first + row) * _columns);
            }
        });
        return Change(active, pruned, Grown(grown, count), active.Nonzeros - removed + count);
    }

    private SparseMatrix Blocks(SparseMatrix active, double share, int seed, GradientRows gradient)
    {
        // A block's weights are summed up for its score, and it is active if one of them is.
        var (sums, isActive) = (new float[_grid.Count], new bool[_grid.Count]);
        for (var row = 0; row < active.Rows; row++)
        {
            var columns = active.RowColumns(row);
            var values = active.RowValues(row);
            for (var k = 0; k < columns.Length; k++)
            {
                var unit = _grid.FirstBlock(row) + (columns[k] / _grid.BlockColumns);
                sums[unit] -= MathF.Abs(values[k]);
                isActive[unit] = true;
            }
        }

        var count = Replaced(share, isActive.AsSpan().Count(true), _grid.Count);
        var pruned = new bool[_grid.Count];
        for (var unit = 0; unit < sums.Length; unit++)
        {
            sums[unit] = isActive[unit] ? sums[unit] : float.NegativeInfinity;
        }

        HighestScores.Mark(sums, count, pruned);
        var grown = new HighestScores(count);
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

                AddRow(grown, scoreOf, unit);
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
        var places = new List<int>();
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

                var value = active.FirstValue(first + row);
                var k = 0;
                for (var start = 0; start < _columns; start += group)
                {
                    var end = Math.Min(_columns, start + group);
                    var from = k;
                    while (k < columns.Length && columns[k] < end)
                    {
                        k++;
                    }

                    GrowGroup(own[start..end], pruned.AsSpan(value + from, k - from), ((first + row) * _columns) + start, places);
                }
            }
        });
        return Change(active, pruned, [.. places], active.Nonzeros);
    }

    /// <summary>Grows as many weights of a group as are pruned; what finds no place isn't.</summary>
    private static void GrowGroup(ReadOnlySpan<float> scores, Span<bool> pruned, int place, List<int> places)
    {
        var first = places.Count;
        for (var i = 0; i < pruned.Length; i++)
        {
            if (!pruned[i])
            {
                continue;
            }

            var best = -1;
            for (var k = 0; k < scores.Length; k++)
            {
                var isTaken = places.IndexOf(place + k, first) >= 0;
                best = !isTaken && scores[k] > (best < 0 ? float.NegativeInfinity : scores[best]) ? k : best;
            }

            pruned[i] = best >= 0;
            if (best >= 0)
            {
                places.Add(place + best);
            }
        }

        places.Sort(first, places.Count - first, null);
    }

    private void ForEachTile(int seed, GradientRows gradient, TileAction use)
    {
        var height = Math.Max(_grid.BlockRows, TileRows / _grid.BlockRows * _grid.BlockRows);
        height = Math.Min(height, layer.OutFeatures);
        var (scores, tile) = (new float[height * _columns], new float[growth.NeedsGradient ? height * _columns : 0]);
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(HighestScores grown, ReadOnlySpan<float> scores, int place)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(scores);
        var least = Vector256.Create(grown.Least);
        for (var i = 0; i < vectors.Length; i++)
        {
            // Most vectors have none that is still in the race.
            var higher = Vector256.GreaterThan(vectors[i], least).ExtractMostSignificantBits();
            for (; higher != 0; higher &= higher - 1)
            {
                var k = (i * Vector256<float>.Count) + BitOperations.TrailingZeroCount(higher);
                grown.Add(scores[k], place + k);
                least = Vector256.Create(grown.Least);
            }
        }

        for (var k = vectors.Length * Vector256<float>.Count; k < scores.Length; k++)
        {
            grown.Add(scores[k], place + k);
        }
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
        var (starts, indices) = (new int[active.Rows + 1], new int[nonzeros]);
        var (next, g) = (0, 0);
        for (var row = 0; row < active.Rows; row++)
        {
            var columns = active.RowColumns(row);
            var (first, begin, end) = (active.FirstValue(row), row * active.Columns, (row + 1) * active.Columns);
            for (var k = 0; k <= columns.Length; k++)
            {
                // What has grown in front of the next active weight, or behind the last.
                var limit = k < columns.Length ? begin + columns[k] : end;
                while (g < grown.Length && grown[g] < limit)
                {
                    indices[next++] = grown[g++] - begin;
                }

                if (k < columns.Length && !pruned[first + k])
                {
                    indices[next++] = columns[k];
                }
            }

            starts[row + 1] = next;
        }

        return SparseMatrix.FromCsr(active.Rows, active.Columns, starts, indices, []);
    }

    /// <summary>The sums over a row of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumRow(ReadOnlySpan<float> scores, Span<float> sums)
    {
        sums.Clear();
        for (; !scores.IsEmpty; scores = scores[_columns..])
        {
            var column = 0;
            for (var across = 0; across < sums.Length; across++)
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
        var (starts, indices) = (new int[_grid.Rows + 1], new List<int>());
        for (var row = 0; row < _grid.Rows; row++)
        {
            var own = blocks.Slice(_grid.FirstBlock(row), _grid.BlocksAcross);
            for (var across = 0; across < own.Length; across++)
            {
                if (own[across])
                {
                    var (start, end) = _grid.Cells(0, across);
                    for (var column = start; column < end; column++)
                    {
                        indices.Add(column);
                    }
                }
            }

            starts[row + 1] = indices.Count;
        }

        return SparseMatrix.FromCsr(_grid.Rows, _grid.Columns, starts, [.. indices], []);
    }

    private delegate void TileAction(int first, int rows, Span<float> scores);
}
