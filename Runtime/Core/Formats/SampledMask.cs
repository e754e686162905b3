using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>The memory of a <see cref="SampledIndex"/>.</summary>
internal sealed unsafe class SampledMask
{
    private readonly AlignedBuffer _columns;
    private readonly AlignedBuffer _counts;
    private readonly AlignedBuffer _pairs;
    private readonly AlignedBuffer _starts;

    /// <param name="mask">The active weights.</param>
    /// <param name="blockColumns">Columns of a block, at most <see cref="SampledIndex.MostColumns"/>.</param>
    public SampledMask(SparseMatrix mask, int blockColumns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockColumns, SampledIndex.MostColumns);
        var blocks = (mask.Columns + blockColumns - 1) / blockColumns;
        var paired = (mask.Rows + 1) / 2 * 2;
        _counts = new AlignedBuffer((long)blocks * paired, zeroed: false);
        _pairs = new AlignedBuffer(2L * blocks * paired * SampledIndex.NumberBytes(mask.Columns, mask.Rows), zeroed: false);
        _starts = new AlignedBuffer((long)mask.Rows * sizeof(int), zeroed: false);
        for (var row = 0; row < mask.Rows; row++)
        {
            ((int*)_starts.Pointer)[row] = mask.FirstValue(row);
        }

        // Shared columns take less.
        var columns = ArrayPool<byte>.Shared.Rent(mask.Nonzeros);
        var written = SampledIndex.NumberBytes(mask.Columns, mask.Rows) == sizeof(int)
            ? Fill(mask, blockColumns, blocks, columns, (int*)_pairs.Pointer)
            : Fill(mask, blockColumns, blocks, columns, (ushort*)_pairs.Pointer);
        _columns = new AlignedBuffer(written, zeroed: false);
        columns.AsSpan(0, written).CopyTo(new Span<byte>(_columns.Pointer, written));
        ArrayPool<byte>.Shared.Return(columns);
    }

    /// <summary>Valid as long as this object lives.</summary>
    public SampledIndex Index => new(_columns.Pointer, _counts.Pointer, _pairs.Pointer, (int*)_starts.Pointer);

    /// <summary>Bytes of it.</summary>
    public long Bytes => _columns.Bytes + _counts.Bytes + _pairs.Bytes + _starts.Bytes;

    /// <summary>Fills counts, pairs and columns; how many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Fill<T>(SparseMatrix mask, int blockColumns, int blocks, byte[] columns, T* pair)
        where T : unmanaged, IBinaryInteger<T>
    {
        var written = 0;
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
                *pair++ = T.CreateTruncating(a);
                *pair++ = T.CreateTruncating(b);
                *pair++ = T.CreateTruncating(next[a]);
                *pair++ = T.CreateTruncating(next[b]);
                // The one without a number comes last, and never first of a pair.
                var columnsA = Next(mask, a, next, lengths);
                var columnsB = b < mask.Rows ? Next(mask, b, next, lengths) : default;
                var shared = columnsA.Length > 0 && columnsA.SequenceEqual(columnsB);
                *count++ = (byte)columnsA.Length;
                *count++ = (byte)(columnsB.Length + (shared ? SampledIndex.MostColumns + 1 : 0));
                for (var k = 0; k < columnsA.Length; k++)
                {
                    columns[written++] = (byte)(columnsA[k] - first);
                    if (!shared && k < columnsB.Length)
                    {
                        columns[written++] = (byte)(columnsB[k] - first);
                    }
                }
            }
        }

        return written;
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
