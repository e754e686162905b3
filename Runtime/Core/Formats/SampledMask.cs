using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>The memory of a <see cref="SampledIndex"/>.</summary>
internal sealed unsafe class SampledMask
{
    private readonly AlignedBuffer _columns;
    private readonly AlignedBuffer _counts;
    private readonly AlignedBuffer _rows;
    private readonly AlignedBuffer _starts;

    /// <param name="mask">The active weights.</param>
    /// <param name="blockColumns">Columns of a block, at most 255.</param>
    public SampledMask(SparseMatrix mask, int blockColumns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockColumns, (int)byte.MaxValue);
        var blocks = (mask.Columns + blockColumns - 1) / blockColumns;
        var paired = (mask.Rows + 1) / 2 * 2;
        _columns = new AlignedBuffer(mask.Nonzeros, zeroed: false);
        _counts = new AlignedBuffer((long)blocks * paired, zeroed: false);
        _rows = new AlignedBuffer((long)blocks * paired * SampledIndex.RowBytes(mask.Rows), zeroed: false);
        _starts = new AlignedBuffer((long)mask.Rows * sizeof(int), zeroed: false);
        for (var row = 0; row < mask.Rows; row++)
        {
            ((int*)_starts.Pointer)[row] = mask.FirstValue(row);
        }

        if (SampledIndex.RowBytes(mask.Rows) == sizeof(int))
        {
            Fill(mask, blockColumns, blocks, (int*)_rows.Pointer);
        }
        else
        {
            Fill(mask, blockColumns, blocks, (ushort*)_rows.Pointer);
        }
    }

    /// <summary>Valid as long as this object lives.</summary>
    public SampledIndex Index => new(_columns.Pointer, _counts.Pointer, _rows.Pointer, (int*)_starts.Pointer);

    /// <summary>Bytes of it.</summary>
    public long Bytes => _columns.Bytes + _counts.Bytes + _rows.Bytes + _starts.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill<T>(SparseMatrix mask, int blockColumns, int blocks, T* rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        var column = _columns.Pointer;
        var count = _counts.Pointer;
        // An even number: of an odd number of rows, one has a partner without weights.
        var paired = (mask.Rows + 1) / 2 * 2;
        var (next, lengths, order) = (new int[paired], new int[paired], new int[paired]);
        for (var block = 0; block < blocks; block++)
        {
            var first = block * blockColumns;
            for (var row = 0; row < mask.Rows; row++)
            {
                lengths[row] = Below(mask.RowColumns(row)[next[row]..], first + blockColumns);
            }

            LongestFirst.Order(lengths, blockColumns, order);
            for (var i = 0; i < paired; i += 2)
            {
                var (a, b) = (order[i], order[i + 1]);
                // The one without a number comes last, and never first of a pair.
                var columnsA = Next(mask, a, next, lengths);
                var columnsB = b < mask.Rows ? Next(mask, b, next, lengths) : default;
                *rows++ = T.CreateTruncating(a);
                *rows++ = T.CreateTruncating(b);
                *count++ = (byte)columnsA.Length;
                *count++ = (byte)columnsB.Length;
                for (var k = 0; k < columnsA.Length; k++)
                {
                    *column++ = (byte)(columnsA[k] - first);
                    if (k < columnsB.Length)
                    {
                        *column++ = (byte)(columnsB[k] - first);
                    }
                }
            }
        }
    }

    private static ReadOnlySpan<int> Next(SparseMatrix mask, int row, int[] next, int[] lengths)
    {
        var columns = mask.RowColumns(row).Slice(next[row], lengths[row]);
        next[row] += lengths[row];
        return columns;
    }

    /// <summary>How many of ascending columns lie below a limit.</summary>
    private static int Below(ReadOnlySpan<int> columns, int limit)
    {
        var count = 0;
        while (count < columns.Length && columns[count] < limit)
        {
            count++;
        }

        return count;
    }
}
