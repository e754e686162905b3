using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>
/// Pairs the rows of one block of columns so that partners have many columns in common and equally many columns: greedily, the best pair
/// first, among pools of rows with similar counts.
/// </summary>
/// <param name="rows">Rows of the matrix.</param>
/// <param name="columns">Columns of a block.</param>
internal sealed class RowPairing(int rows, int columns)
{
    /// <summary>Rows of a pool; even, so that only the last pool may leave a row alone.</summary>
    private const int PoolRows = 256;

    /// <summary>Rows that a row is compared with where little is looked for.</summary>
    private const int Neighbours = 8;

    // A common column saves a load of activations; a difference costs a step in which one row idles.
    private const int CommonWorth = 4;
    private const int DifferenceCost = 5;

    private readonly int _words = (columns + 63) / 64;
    private readonly ulong[] _masks = new ulong[(rows + 1) * ((columns + 63) / 64)];
    private readonly int[] _counts = new int[rows + 1];
    private readonly int[] _order = new int[rows];

    // For pools alone: a quick pairing needs none of them.
    private int[] _scores = [];
    private int[] _ranked = [];
    private int[] _bucketStarts = [];

    /// <summary>Sets a row's columns of the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetRow(int row, ReadOnlySpan<int> rowColumns, int firstColumn)
    {
        var mask = _masks.AsSpan(row * _words, _words);
        mask.Clear();
        foreach (var column in rowColumns)
        {
            mask[(column - firstColumn) >> 6] |= 1UL << (column - firstColumn);
        }

        _counts[row] = rowColumns.Length;
    }

    /// <summary>Pairs all rows; pairs with equal numbers of steps follow each other, so that a kernel's branches are predicted.</summary>
    /// <param name="pairs">Receives (rows + 1) / 2 pairs. Of an odd number of rows one is paired with the row number "rows", which is empty.</param>
    public void Pair(Span<RowPair> pairs)
    {
        if (_scores.Length == 0)
        {
            (_scores, _ranked) = (new int[PoolRows * PoolRows / 2], new int[PoolRows * PoolRows / 2]);
            _bucketStarts = new int[((CommonWorth + DifferenceCost) * columns) + 2];
        }

        LongestFirst.Order(_counts.AsSpan(0, rows), columns, _order);
        var made = 0;
        for (var first = 0; first < rows; first += PoolRows)
        {
            made += PairPool(_order.AsSpan(first, Math.Min(PoolRows, rows - first)), pairs[made..]);
        }

        pairs.Sort((p, q) =>
        {
            var order = p.Shared.CompareTo(q.Shared);
            order = order != 0 ? order : p.Own.CompareTo(q.Own);
            order = order != 0 ? order : p.Extra.CompareTo(q.Extra);
            return order != 0 ? order : p.A.CompareTo(q.A);
        });
    }

    /// <summary>
    /// Pairs each row with the best of some that have nearly as many columns: little is looked for, so that it takes little time. Pairs that share as many
    /// follow each other.
    /// </summary>
    /// <param name="pairs">Receives (rows + 1) / 2 pairs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PairQuickly(Span<RowPair> pairs)
    {
        LongestFirst.Order(_counts.AsSpan(0, rows), columns, _order);
        var made = new RowPair[pairs.Length];
        var (shared, order) = (new int[pairs.Length], new int[pairs.Length]);
        var next = 0;
        for (var i = 0; i < rows; i++)
        {
            var row = _order[i];
            if (row < 0)
            {
                continue;
            }

            var (best, most, seen) = (-1, int.MinValue, 0);
            for (var k = i + 1; k < rows && seen < Neighbours; k++)
            {
                if (_order[k] >= 0)
                {
                    var score = (CommonWorth * Common(row, _order[k])) - (DifferenceCost * (_counts[row] - _counts[_order[k]]));
                    (best, most) = score > most ? (k, score) : (best, most);
                    seen++;
                }
            }

            made[next] = PairOf(row, best < 0 ? rows : _order[best]);
            shared[next] = made[next].Shared;
            next++;
            if (best >= 0)
            {
                _order[best] = -1;
            }
        }

        LongestFirst.Order(shared, columns, order);
        for (var i = 0; i < order.Length; i++)
        {
            pairs[i] = made[order[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PairPool(Span<int> pool, Span<RowPair> pairs)
    {
        RankCandidates(pool);
        var made = 0;
        var candidates = pool.Length * (pool.Length - 1) / 2;
        for (var i = 0; i < candidates; i++)
        {
            var (p, q) = (_ranked[i] / PoolRows, _ranked[i] % PoolRows);
            if (pool[p] >= 0 && pool[q] >= 0)
            {
                pairs[made++] = PairOf(pool[p], pool[q]);
                pool[p] = pool[q] = -1;
            }
        }

        foreach (var row in pool)
        {
            if (row >= 0)
            {
                pairs[made++] = PairOf(row, rows);
            }
        }

        return made;
    }

    /// <summary>Fills _ranked with the pool's candidates, best first, by a counting sort.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RankCandidates(ReadOnlySpan<int> pool)
    {
        var best = CommonWorth * columns;
        Array.Clear(_bucketStarts);
        var candidate = 0;
        for (var p = 0; p < pool.Length; p++)
        {
            for (var q = p + 1; q < pool.Length; q++)
            {
                var score = (CommonWorth * Common(pool[p], pool[q])) - (DifferenceCost * Math.Abs(_counts[pool[p]] - _counts[pool[q]]));
                _scores[candidate++] = best - score;
                _bucketStarts[best - score + 1]++;
            }
        }

        for (var i = 1; i < _bucketStarts.Length; i++)
        {
            _bucketStarts[i] += _bucketStarts[i - 1];
        }

        candidate = 0;
        for (var p = 0; p < pool.Length; p++)
        {
            for (var q = p + 1; q < pool.Length; q++)
            {
                _ranked[_bucketStarts[_scores[candidate++]]++] = (p * PoolRows) + q;
            }
        }
    }

    private RowPair PairOf(int p, int q)
    {
        var (a, b) = _counts[p] >= _counts[q] ? (p, q) : (q, p);
        var shared = Common(a, b);
        return new RowPair(a, b, shared, _counts[b] - shared, _counts[a] - _counts[b]);
    }

    /// <summary>How many columns two rows have in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Common(int p, int q)
    {
        var (maskP, maskQ) = (p * _words, q * _words);
        var common = 0;
        for (var word = 0; word < _words; word++)
        {
            common += BitOperations.PopCount(_masks[maskP + word] & _masks[maskQ + word]);
        }

        return common;
    }
}
