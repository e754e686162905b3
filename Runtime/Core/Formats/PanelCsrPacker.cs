using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>Fills a <see cref="PanelCsrFormat"/>.</summary>
internal sealed unsafe class PanelCsrPacker : IDisposable
{
    private const int CountsOfPair = 5;

    // Below, two rows have hardly any columns in common unless they are looked for.
    private const double LeastDensityToShare = 0.07;

    private readonly SparseMatrix _matrix;
    private readonly PanelCsrFormat _format;
    private readonly int _blocks;

    // [block, row]: where the row's columns of the block begin among all of its columns. And the pairs of all blocks. Both are pooled.
    private readonly int[] _starts;
    private readonly RowPair[] _pairs;

    private PanelCsrPacker(SparseMatrix matrix, PanelCsrFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)format.BlockColumns * format.ColumnStride, ushort.MaxValue + 1L, nameof(format));
        _matrix = matrix;
        _format = format;
        _blocks = (matrix.Columns + format.BlockColumns - 1) / format.BlockColumns;
        _starts = ArrayPool<int>.Shared.Rent(checked((_blocks + 1) * matrix.Rows));
        _pairs = ArrayPool<RowPair>.Shared.Rent(_blocks * PairsOfBlock);
        FindStarts();
    }

    private int PairsOfBlock => (_matrix.Rows + 1) / 2;

    private int CountBytes => CountsOfPair * (_format.WideCounts ? sizeof(int) : sizeof(ushort));

    private Span<RowPair> Pairs => _pairs.AsSpan(0, _blocks * PairsOfBlock);

    /// <summary>Units are pairs of rows in a block of columns; steps are the multiply-adds of one row's weight, shared ones those of two.</summary>
    public static PackWork Work(SparseMatrix matrix, PanelCsrFormat format, bool quick)
    {
        using var packer = new PanelCsrPacker(matrix, format);
        double shared = packer.PairRows(quick, shares: false);
        var bytes = (matrix.Nonzeros * (double)(sizeof(float) + sizeof(ushort))) - (shared * sizeof(ushort)) + ((double)packer.Pairs.Length * packer.CountBytes);
        return new PackWork(packer.Pairs.Length, matrix.Nonzeros - (2 * shared), shared, bytes);
    }

    /// <summary>Packs; quickly, without looking for rows with columns in common, or among neighbours alone.</summary>
    public static PackArrays Pack(SparseMatrix matrix, PanelCsrFormat format, bool quick, bool shares)
    {
        using var packer = new PanelCsrPacker(matrix, format);
        return packer.Pack(packer.PairRows(quick, shares));
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<RowPair>.Shared.Return(_pairs);
    }

    private PackArrays Pack(long shared)
    {
        var values = AlignedBuffer.OfFloats(_matrix.Nonzeros, zeroed: false);
        var indices = new AlignedBuffer((_matrix.Nonzeros - shared) * sizeof(ushort), zeroed: false);
        var counts = new AlignedBuffer((long)Pairs.Length * CountBytes, zeroed: false);
        if (_format.WideCounts)
        {
            WriteCounts((int*)counts.Pointer);
        }
        else
        {
            WriteCounts((ushort*)counts.Pointer);
        }

        Fill(values, indices);
        return new PackArrays(values, indices, counts);
    }

    /// <summary>Finds the pairs of all blocks; how many steps they share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long PairRows(bool quick, bool shares)
    {
        if (quick && !(shares && _matrix.Density >= LeastDensityToShare))
        {
            var (lengths, order) = (new int[_matrix.Rows + 1], new int[_matrix.Rows + 1]);
            for (var block = 0; block < _blocks; block++)
            {
                PairNeighbours(block, Pairs.Slice(block * PairsOfBlock, PairsOfBlock), lengths, order);
            }

            return 0;
        }

        var pairing = new RowPairing(_matrix.Rows, _format.BlockColumns);
        for (var block = 0; block < _blocks; block++)
        {
            for (var row = 0; row < _matrix.Rows; row++)
            {
                pairing.SetRow(row, Columns(block, row), block * _format.BlockColumns);
            }

            var pairs = Pairs.Slice(block * PairsOfBlock, PairsOfBlock);
            if (quick)
            {
                pairing.PairQuickly(pairs);
            }
            else
            {
                pairing.Pair(pairs);
            }
        }

        long shared = 0;
        foreach (var pair in Pairs)
        {
            shared += pair.Shared;
        }

        return shared;
    }

    /// <summary>Pairs rows with equally many columns, or nearly; what they have in common isn't looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PairNeighbours(int block, Span<RowPair> pairs, int[] lengths, int[] order)
    {
        var starts = _starts.AsSpan(block * _matrix.Rows, _matrix.Rows);
        var ends = _starts.AsSpan((block + 1) * _matrix.Rows, _matrix.Rows);
        for (var row = 0; row < starts.Length; row++)
        {
            lengths[row] = ends[row] - starts[row];
        }

        // The last of them is the empty row without a number.
        LongestFirst.Order(lengths, _format.BlockColumns, order);
        for (var i = 0; i < pairs.Length; i++)
        {
            var (a, b) = (order[2 * i], order[(2 * i) + 1]);
            pairs[i] = new RowPair(a, b, 0, lengths[b], lengths[a] - lengths[b]);
        }
    }

    private void WriteCounts<T>(T* count)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var pair in Pairs)
        {
            *count++ = T.CreateChecked(pair.A);
            *count++ = T.CreateChecked(pair.B);
            *count++ = T.CreateChecked(pair.Shared);
            *count++ = T.CreateChecked(pair.Own);
            *count++ = T.CreateChecked(pair.Extra);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(AlignedBuffer valueBuffer, AlignedBuffer indexBuffer)
    {
        var value = valueBuffer.Floats;
        var index = (ushort*)indexBuffer.Pointer;
        var pairs = Pairs;
        PairSplit? split = null;
        int* ownColumnsA = stackalloc int[_format.BlockColumns], ownColumnsB = stackalloc int[_format.BlockColumns];
        float* ownValuesA = stackalloc float[_format.BlockColumns], ownValuesB = stackalloc float[_format.BlockColumns];
        fixed (int* columns = _matrix.ColumnNumbers)
        fixed (float* values = _matrix.Values)
        {
            // Vectors are stored and loaded whole: what they write too much is written again by what follows, but not behind the last.
            const int Room = 3 * 16;
            var lastValue = value + _matrix.Nonzeros - Room;
            var lastIndex = index + (indexBuffer.Bytes / sizeof(ushort)) - Room;
            var lastSourceValue = values + _matrix.Nonzeros - Vector512<float>.Count;
            var lastSourceColumn = columns + _matrix.ColumnNumbers.Length - Vector512<int>.Count;
            for (var i = 0; i < pairs.Length; i++)
            {
                var (block, pair) = (i / PairsOfBlock, pairs[i]);
                var (lengthA, lengthB) = (pair.Shared + pair.Own + pair.Extra, pair.Shared + pair.Own);
                var (startA, startB) = (Start(block, pair.A), lengthB == 0 ? 0 : Start(block, pair.B));
                int* columnA = columns + _matrix.FirstColumn(pair.A) + startA, columnB = columns + (lengthB == 0 ? 0 : _matrix.FirstColumn(pair.B)) + startB;
                float* valueA = values + _matrix.FirstValue(pair.A) + startA, valueB = values + (lengthB == 0 ? 0 : _matrix.FirstValue(pair.B)) + startB;
                var hasRoom = PairSplit.IsSupported
                    && value + lengthA + lengthB <= lastValue && index + lengthA + lengthB <= lastIndex
                    && valueA + lengthA <= lastSourceValue && valueB + lengthB <= lastSourceValue
                    && columnA + lengthA <= lastSourceColumn && columnB + lengthB <= lastSourceColumn;
                if (hasRoom && pair.Shared > 0)
                {
                    split ??= new PairSplit(_format.BlockColumns);
                    split.Run(block * _format.BlockColumns, new(columnA, valueA, lengthA), new(columnB, valueB, lengthB));
                    FillShared(block, pair.Shared, split, value, index);
                    FillVectors(block, pair, split.OwnColumnsA, split.OwnColumnsB, split.OwnA, split.OwnB, value + (2 * pair.Shared), index + pair.Shared);
                    value += lengthA + lengthB;
                    index += lengthA + lengthB - pair.Shared;
                    continue;
                }

                if (pair.Shared > 0)
                {
                    int a = 0, b = 0, ownA = 0, ownB = 0;
                    while (a < lengthA || b < lengthB)
                    {
                        var nextA = a < lengthA ? columnA[a] : int.MaxValue;
                        var nextB = b < lengthB ? columnB[b] : int.MaxValue;
                        if (nextA == nextB)
                        {
                            *value++ = valueA[a++];
                            *value++ = valueB[b++];
                            *index++ = Offset(block, nextA);
                        }
                        else if (nextA < nextB)
                        {
                            ownColumnsA[ownA] = nextA;
                            ownValuesA[ownA++] = valueA[a++];
                        }
                        else
                        {
                            ownColumnsB[ownB] = nextB;
                            ownValuesB[ownB++] = valueB[b++];
                        }
                    }

                    columnA = ownColumnsA;
                    columnB = ownColumnsB;
                    valueA = ownValuesA;
                    valueB = ownValuesB;
                }
                else if (hasRoom)
                {
                    FillVectors(block, pair, columnA, columnB, valueA, valueB, value, index);
                    value += lengthA + lengthB;
                    index += lengthA + lengthB;
                    continue;
                }

                for (var step = 0; step < pair.Own; step++)
                {
                    *value++ = valueA[step];
                    *value++ = valueB[step];
                    *index++ = Offset(block, columnA[step]);
                    *index++ = Offset(block, columnB[step]);
                }

                for (var step = pair.Own; step < pair.Own + pair.Extra; step++)
                {
                    *value++ = valueA[step];
                    *index++ = Offset(block, columnA[step]);
                }
            }
        }

        // It owns what its pointers point to.
        GC.KeepAlive(split);
    }

    /// <summary>Fills a pair's shared steps, 16 at a time; what it writes behind them doesn't count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillShared(int block, int shared, PairSplit split, float* value, ushort* index)
    {
        var first = Vector512.Create(block * _format.BlockColumns);
        var stride = Vector512.Create(_format.ColumnStride);
        var low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        var high = low + Vector512.Create(Vector512<int>.Count / 2);
        for (var step = 0; step < shared; step += Vector512<int>.Count)
        {
            var (a, b) = (Vector512.Load(split.SharedA + step), Vector512.Load(split.SharedB + step));
            Avx512F.PermuteVar16x32x2(a, low, b).Store(value + (2 * step));
            Avx512F.PermuteVar16x32x2(a, high, b).Store(value + (2 * step) + Vector512<float>.Count);
            Avx512F.ConvertToVector256UInt16(((Vector512.Load(split.SharedColumns + step) - first) * stride).AsUInt32()).Store(index + step);
        }
    }

    /// <summary>Fills the steps of a pair that aren't shared, 16 at a time; what it writes behind the pair doesn't count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillVectors(int block, RowPair pair, int* columnA, int* columnB, float* valueA, float* valueB, float* value, ushort* index)
    {
        var first = Vector512.Create(block * _format.BlockColumns);
        var stride = Vector512.Create(_format.ColumnStride);
        var low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        var high = low + Vector512.Create(Vector512<int>.Count / 2);
        for (var step = 0; step < pair.Own; step += Vector512<int>.Count)
        {
            var (a, b) = (Vector512.Load(valueA + step), Vector512.Load(valueB + step));
            Avx512F.PermuteVar16x32x2(a, low, b).Store(value + (2 * step));
            Avx512F.PermuteVar16x32x2(a, high, b).Store(value + (2 * step) + Vector512<float>.Count);
            // Two indices of 16 bits beside each other, A's in front.
            var indices = ((Vector512.Load(columnA + step) - first) * stride) | (((Vector512.Load(columnB + step) - first) * stride) << 16);
            indices.Store((int*)(index + (2 * step)));
        }

        for (var step = pair.Own; step < pair.Own + pair.Extra; step += Vector512<int>.Count)
        {
            Vector512.Load(valueA + step).Store(value + pair.Own + step);
            Avx512F.ConvertToVector256UInt16(((Vector512.Load(columnA + step) - first) * stride).AsUInt32()).Store(index + pair.Own + step);
        }
    }

    /// <summary>16 bits hold it: see the format.</summary>
    private ushort Offset(int block, int column) => (ushort)((column - (block * _format.BlockColumns)) * _format.ColumnStride);

    private ReadOnlySpan<int> Columns(int block, int row)
        => _matrix.RowColumns(row)[Start(block, row)..Start(block + 1, row)];

    /// <summary>Where a row's nonzeros of a block begin among the row's.</summary>
    private int Start(int block, int row) => _starts[(block * _matrix.Rows) + row];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindStarts()
    {
        for (var row = 0; row < _matrix.Rows; row++)
        {
            var columns = _matrix.RowColumns(row);
            var k = 0;
            _starts[row] = 0;
            for (var block = 1; block < _blocks; block++)
            {
                // Columns ascend: the first of a vector that lies beyond ends the count.
                var end = Vector256.Create(block * _format.BlockColumns);
                var beyond = 0u;
                for (; beyond == 0 && k + Vector256<int>.Count <= columns.Length; k += Vector256<int>.Count)
                {
                    beyond = Vector256.GreaterThanOrEqual(Vector256.Create(columns[k..]), end).ExtractMostSignificantBits();
                }

                if (beyond != 0)
                {
                    k -= BitOperations.PopCount(beyond);
                }
                else
                {
                    while (k < columns.Length && columns[k] < block * _format.BlockColumns)
                    {
                        k++;
                    }
                }

                _starts[(block * _matrix.Rows) + row] = k;
            }

            _starts[(_blocks * _matrix.Rows) + row] = columns.Length;
        }
    }
}
