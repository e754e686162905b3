using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>Fills a <see cref="PanelCsrFormat"/>.</summary>
internal sealed unsafe class PanelCsrPacker
{
    private const int CountsOfPair = 5;

    private readonly SparseMatrix _matrix;
    private readonly PanelCsrFormat _format;
    private readonly int _blocks;

    // [block, row]: where the row's columns of the block begin among all of its columns.
    private readonly int[] _starts;

    private PanelCsrPacker(SparseMatrix matrix, PanelCsrFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)format.BlockColumns * format.ColumnStride, ushort.MaxValue + 1L, nameof(format));
        _matrix = matrix;
        _format = format;
        _blocks = (matrix.Columns + format.BlockColumns - 1) / format.BlockColumns;
        _starts = FindStarts();
    }

    private int PairsOfBlock => (_matrix.Rows + 1) / 2;

    private int CountBytes => CountsOfPair * (_format.WideCounts ? sizeof(int) : sizeof(ushort));

    /// <summary>Units are pairs of rows in a block of columns; steps are the multiply-adds of one row's weight, shared ones those of two.</summary>
    public static PackWork Work(SparseMatrix matrix, PanelCsrFormat format, bool quick)
    {
        var packer = new PanelCsrPacker(matrix, format);
        var pairs = packer.PairRows(quick);
        var shared = pairs.Sum(pair => (double)pair.Shared);
        var bytes = (matrix.Nonzeros * (double)(sizeof(float) + sizeof(ushort))) - (shared * sizeof(ushort)) + ((double)pairs.Length * packer.CountBytes);
        return new PackWork(pairs.Length, matrix.Nonzeros - (2 * shared), shared, bytes);
    }

    /// <summary>Packs; quickly, without looking for rows with columns in common.</summary>
    public static PackArrays Pack(SparseMatrix matrix, PanelCsrFormat format, bool quick)
    {
        var packer = new PanelCsrPacker(matrix, format);
        return packer.Pack(packer.PairRows(quick));
    }

    private PackArrays Pack(RowPair[] pairs)
    {
        var values = AlignedBuffer.OfFloats(_matrix.Nonzeros);
        var indices = new AlignedBuffer((_matrix.Nonzeros - pairs.Sum(pair => (long)pair.Shared)) * sizeof(ushort));
        var counts = new AlignedBuffer((long)pairs.Length * CountBytes);
        if (_format.WideCounts)
        {
            WriteCounts(pairs, (int*)counts.Pointer);
        }
        else
        {
            WriteCounts(pairs, (ushort*)counts.Pointer);
        }

        Fill(pairs, values.Floats, (ushort*)indices.Pointer);
        return new PackArrays(values, indices, counts);
    }

    /// <summary>The pairs of all blocks.</summary>
    private RowPair[] PairRows(bool quick)
    {
        var pairs = new RowPair[_blocks * PairsOfBlock];
        var pairing = quick ? null : new RowPairing(_matrix.Rows, _format.BlockColumns);
        for (var block = 0; block < _blocks; block++)
        {
            var own = pairs.AsSpan(block * PairsOfBlock, PairsOfBlock);
            if (pairing is null)
            {
                PairNeighbours(block, own);
                continue;
            }

            for (var row = 0; row < _matrix.Rows; row++)
            {
                pairing.SetRow(row, Columns(block, row), block * _format.BlockColumns);
            }

            pairing.Pair(own);
        }

        return pairs;
    }

    /// <summary>Pairs rows with equally many columns, or nearly; what they have in common isn't looked for.</summary>
    private void PairNeighbours(int block, Span<RowPair> pairs)
    {
        var lengths = new int[_matrix.Rows + 1];
        var order = new int[_matrix.Rows + 1];
        for (var row = 0; row < _matrix.Rows; row++)
        {
            lengths[row] = Start(block + 1, row) - Start(block, row);
        }

        // The last of them is the empty row without a number.
        LongestFirst.Order(lengths, _format.BlockColumns, order);
        for (var i = 0; i < pairs.Length; i++)
        {
            var (a, b) = (order[2 * i], order[(2 * i) + 1]);
            pairs[i] = new RowPair(a, b, 0, lengths[b], lengths[a] - lengths[b]);
        }
    }

    private static void WriteCounts<T>(RowPair[] pairs, T* count)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var pair in pairs)
        {
            *count++ = T.CreateChecked(pair.A);
            *count++ = T.CreateChecked(pair.B);
            *count++ = T.CreateChecked(pair.Shared);
            *count++ = T.CreateChecked(pair.Own);
            *count++ = T.CreateChecked(pair.Extra);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(RowPair[] pairs, float* value, ushort* index)
    {
        int* ownColumnsA = stackalloc int[_format.BlockColumns], ownColumnsB = stackalloc int[_format.BlockColumns];
        float* ownValuesA = stackalloc float[_format.BlockColumns], ownValuesB = stackalloc float[_format.BlockColumns];
        fixed (int* columns = _matrix.ColumnNumbers)
        fixed (float* values = _matrix.Values)
        {
            for (var i = 0; i < pairs.Length; i++)
            {
                var (block, pair) = (i / PairsOfBlock, pairs[i]);
                var (lengthA, lengthB) = (pair.Shared + pair.Own + pair.Extra, pair.Shared + pair.Own);
                var (startA, startB) = (Start(block, pair.A), lengthB == 0 ? 0 : Start(block, pair.B));
                int* columnA = columns + _matrix.FirstColumn(pair.A) + startA, columnB = columns + (lengthB == 0 ? 0 : _matrix.FirstColumn(pair.B)) + startB;
                float* valueA = values + _matrix.FirstValue(pair.A) + startA, valueB = values + (lengthB == 0 ? 0 : _matrix.FirstValue(pair.B)) + startB;
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
    }

    /// <summary>16 bits hold it: see the format.</summary>
    private ushort Offset(int block, int column) => (ushort)((column - (block * _format.BlockColumns)) * _format.ColumnStride);

    private ReadOnlySpan<int> Columns(int block, int row)
        => _matrix.RowColumns(row)[Start(block, row)..Start(block + 1, row)];

    /// <summary>Where a row's nonzeros of a block begin among the row's.</summary>
    private int Start(int block, int row) => _starts[(block * _matrix.Rows) + row];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int[] FindStarts()
    {
        var starts = new int[checked((_blocks + 1) * _matrix.Rows)];
        for (var row = 0; row < _matrix.Rows; row++)
        {
            var columns = _matrix.RowColumns(row);
            var k = 0;
            for (var block = 1; block <= _blocks; block++)
            {
                var end = (long)block * _format.BlockColumns;
                while (k < columns.Length && columns[k] < end)
                {
                    k++;
                }

                starts[(block * _matrix.Rows) + row] = k;
            }
        }

        return starts;
    }
}
