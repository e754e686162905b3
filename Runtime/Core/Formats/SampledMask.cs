using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>The memory of a <see cref="SampledIndex"/>.</summary>
internal sealed unsafe class SampledMask
{
    private readonly int _rows;
    private readonly int _width;
    private readonly int _blockColumns;
    private readonly AlignedBuffer _columns;
    private readonly AlignedBuffer _counts;
    private readonly AlignedBuffer _pairs;
    private readonly AlignedBuffer _starts;

    /// <param name="mask">The active weights.</param>
    /// <param name="blockColumns">Columns of a block, at most <see cref="SampledIndex.MostColumns"/>.</param>
    public SampledMask(SparseMatrix mask, int blockColumns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockColumns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockColumns, SampledIndex.MostColumns);
        (_rows, _width, _blockColumns, Nonzeros) = (mask.Rows, mask.Columns, blockColumns, mask.Nonzeros);
        var (blocks, paired) = (Blocks, Paired);
        _counts = new AlignedBuffer((long)blocks * paired, zeroed: false);
        _pairs = new AlignedBuffer(2L * blocks * paired * SampledIndex.NumberBytes(_width, _rows), zeroed: false);
        _starts = new AlignedBuffer((long)mask.Rows * sizeof(int), zeroed: false);
        for (var row = 0; row < mask.Rows; row++)
        {
            ((int*)_starts.Pointer)[row] = mask.FirstValue(row);
        }

        // Shared columns take less.
        var columns = ArrayPool<byte>.Shared.Rent(mask.Nonzeros);
        var written = HasInts ? Fill(mask, columns, (int*)_pairs.Pointer) : Fill(mask, columns, (ushort*)_pairs.Pointer);
        _columns = new AlignedBuffer(written, zeroed: false);
        columns.AsSpan(0, written).CopyTo(new Span<byte>(_columns.Pointer, written));
        ArrayPool<byte>.Shared.Return(columns);
    }

    /// <summary>Active weights.</summary>
    public int Nonzeros { get; }

    /// <summary>Valid as long as this object lives.</summary>
    public SampledIndex Index => new(_columns.Pointer, _counts.Pointer, _pairs.Pointer, (int*)_starts.Pointer, _blockColumns);

    /// <summary>Bytes of it.</summary>
    public long Bytes => _columns.Bytes + _counts.Bytes + _pairs.Bytes + _starts.Bytes;

    private int Blocks => ((_width - 1) / _blockColumns) + 1;

    // An even number: of an odd number of rows, one has a partner without weights.
    private int Paired => (_rows + 1) / 2 * 2;

    private bool HasInts => SampledIndex.NumberBytes(_width, _rows) == sizeof(int);

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release()
    {
        _columns.Release();
        _counts.Release();
        _pairs.Release();
        _starts.Release();
    }

    /// <summary>The mask.</summary>
    /// <param name="values">Of the active weights, which it copies into pooled memory, see <see cref="SparseMatrix.Return"/>; or none.</param>
    public SparseMatrix ToMatrix(ReadOnlySpan<float> values = default)
    {
        var starts = new int[_rows + 1];
        new ReadOnlySpan<int>(_starts.Pointer, _rows).CopyTo(starts);
        starts[_rows] = Nonzeros;
        var columns = values.IsEmpty ? new int[Nonzeros] : ArrayPool<int>.Shared.Rent(Nonzeros);
        if (HasInts)
        {
            Read(starts, columns, (int*)_pairs.Pointer);
        }
        else
        {
            Read(starts, columns, (ushort*)_pairs.Pointer);
        }

        // It owns what the pointers point to.
        GC.KeepAlive(this);
        if (values.IsEmpty)
        {
            return SparseMatrix.FromCsr(_rows, _width, starts, columns, []);
        }

        var copied = ArrayPool<float>.Shared.Rent(Nonzeros);
        values.CopyTo(copied);
        return SparseMatrix.FromPooledCsr(_rows, _width, starts, columns, copied);
    }

    /// <summary>Fills counts, pairs and columns; how many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Fill<T>(SparseMatrix mask, byte[] columns, T* pair)
        where T : unmanaged, IBinaryInteger<T>
    {
        var written = 0;
        var count = _counts.Pointer;
        var paired = Paired;
        var (next, lengths, order) = (new int[paired], new int[paired], new int[paired]);
        for (var block = 0; block < Blocks; block++)
        {
            var first = block * _blockColumns;
            for (var row = 0; row < mask.Rows; row++)
            {
                lengths[row] = Below(mask.RowColumns(row)[next[row]..], first + _blockColumns);
            }

            LongestFirst.Order(lengths, _blockColumns, order);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read<T>(int[] starts, int[] columns, T* pair)
        where T : unmanaged, IBinaryInteger<T>
    {
        var column = new ReadOnlySpan<byte>(_columns.Pointer, (int)_columns.Bytes);
        var count = new ReadOnlySpan<byte>(_counts.Pointer, (int)_counts.Bytes);
        for (var block = 0; block < Blocks; block++)
        {
            for (var i = 0; i < Paired; i += 2, pair += 4, count = count[2..])
            {
                var (both, shared) = (SampledIndex.Count(count[1]), SampledIndex.IsShared(count[1]));
                var a = starts[int.CreateTruncating(pair[0])] + int.CreateTruncating(pair[2]);
                var b = both > 0 ? starts[int.CreateTruncating(pair[1])] + int.CreateTruncating(pair[3]) : 0;
                for (var k = 0; k < count[0]; k++)
                {
                    columns[a + k] = (block * _blockColumns) + column[0];
                    if (k < both)
                    {
                        columns[b + k] = (block * _blockColumns) + column[shared ? 0 : 1];
                    }

                    column = column[(k < both && !shared ? 2 : 1)..];
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
