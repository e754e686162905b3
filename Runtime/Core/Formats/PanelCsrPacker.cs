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

        var value = values.Floats;
        var index = (ushort*)indices.Pointer;
        var own = new PairBuffer(_format.BlockColumns);
        for (var i = 0; i < pairs.Length; i++)
        {
            Fill(i / PairsOfBlock, pairs[i], own, ref value, ref index);
        }

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
            lengths[row] = _starts[((block + 1) * _matrix.Rows) + row] - _starts[(block * _matrix.Rows) + row];
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

    private void Fill(int block, RowPair pair, PairBuffer own, ref float* value, ref ushort* index)
    {
        ReadOnlySpan<int> columnsA = Columns(block, pair.A), columnsB = Columns(block, pair.B);
        ReadOnlySpan<float> valuesA = Values(block, pair.A), valuesB = Values(block, pair.B);
        if (pair.Shared == 0)
        {
            FillApart(block, columnsA, columnsB, valuesA, valuesB, ref value, ref index);
            return;
        }

        var (a, b, ownA, ownB) = (0, 0, 0, 0);
        while (a < columnsA.Length || b < columnsB.Length)
        {
            var columnA = a < columnsA.Length ? columnsA[a] : int.MaxValue;
            var columnB = b < columnsB.Length ? columnsB[b] : int.MaxValue;
            if (columnA == columnB)
            {
                *value++ = valuesA[a++];
                *value++ = valuesB[b++];
                *index++ = Offset(block, columnA);
            }
            else if (columnA < columnB)
            {
                own.TakeA(ref ownA, columnA, valuesA[a++]);
            }
            else
            {
                own.TakeB(ref ownB, columnB, valuesB[b++]);
            }
        }

        FillApart(
            block, own.ColumnsA.AsSpan(0, ownA), own.ColumnsB.AsSpan(0, ownB), own.ValuesA.AsSpan(0, ownA), own.ValuesB.AsSpan(0, ownB),
            ref value, ref index);
    }

    /// <summary>Own and extra steps: A has at least as many as B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillApart(
        int block, ReadOnlySpan<int> columnsA, ReadOnlySpan<int> columnsB, ReadOnlySpan<float> valuesA, ReadOnlySpan<float> valuesB,
        ref float* value, ref ushort* index)
    {
        for (var i = 0; i < columnsB.Length; i++)
        {
            *value++ = valuesA[i];
            *value++ = valuesB[i];
            *index++ = Offset(block, columnsA[i]);
            *index++ = Offset(block, columnsB[i]);
        }

        for (var i = columnsB.Length; i < columnsA.Length; i++)
        {
            *value++ = valuesA[i];
            *index++ = Offset(block, columnsA[i]);
        }
    }

    private ushort Offset(int block, int column)
        => checked((ushort)((column - (block * _format.BlockColumns)) * _format.ColumnStride));

    private ReadOnlySpan<int> Columns(int block, int row)
        => row == _matrix.Rows ? default : _matrix.RowColumns(row)[Range(block, row)];

    private ReadOnlySpan<float> Values(int block, int row)
        => row == _matrix.Rows ? default : _matrix.RowValues(row)[Range(block, row)];

    private Range Range(int block, int row)
        => _starts[(block * _matrix.Rows) + row].._starts[((block + 1) * _matrix.Rows) + row];

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

    /// <summary>The weights that two rows don't share.</summary>
    private sealed class PairBuffer(int capacity)
    {
        public int[] ColumnsA { get; } = new int[capacity];

        public int[] ColumnsB { get; } = new int[capacity];

        public float[] ValuesA { get; } = new float[capacity];

        public float[] ValuesB { get; } = new float[capacity];

        public void TakeA(ref int count, int column, float value)
        {
            ColumnsA[count] = column;
            ValuesA[count++] = value;
        }

        public void TakeB(ref int count, int column, float value)
        {
            ColumnsB[count] = column;
            ValuesB[count++] = value;
        }
    }
}
