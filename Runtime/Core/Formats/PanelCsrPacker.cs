using System.Numerics;

namespace KernelGen.Formats;

/// <summary>Fills a <see cref="PanelCsrFormat"/>.</summary>
internal sealed unsafe class PanelCsrPacker
{
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

    public static PackArrays Pack(SparseMatrix matrix, PanelCsrFormat format) => new PanelCsrPacker(matrix, format).Pack();

    private PackArrays Pack()
    {
        var pairsOfBlock = (_matrix.Rows + 1) / 2;
        var pairs = new RowPair[_blocks * pairsOfBlock];
        var pairing = new RowPairing(_matrix.Rows, _format.BlockColumns);
        for (var block = 0; block < _blocks; block++)
        {
            for (var row = 0; row < _matrix.Rows; row++)
            {
                pairing.SetRow(row, Columns(block, row), block * _format.BlockColumns);
            }

            pairing.Pair(pairs.AsSpan(block * pairsOfBlock, pairsOfBlock));
        }

        var values = AlignedBuffer.OfFloats(_matrix.Nonzeros);
        var indices = new AlignedBuffer((_matrix.Nonzeros - pairs.Sum(pair => (long)pair.Shared)) * sizeof(ushort));
        var counts = new AlignedBuffer((long)pairs.Length * 5 * (_format.WideCounts ? sizeof(int) : sizeof(ushort)));
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
            Fill(i / pairsOfBlock, pairs[i], own, ref value, ref index);
        }

        return new PackArrays(values, indices, counts);
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
                own.A[ownA++] = a++;
            }
            else
            {
                own.B[ownB++] = b++;
            }
        }

        for (var i = 0; i < ownA; i++)
        {
            *value++ = valuesA[own.A[i]];
            *index++ = Offset(block, columnsA[own.A[i]]);
            if (i < ownB)
            {
                *value++ = valuesB[own.B[i]];
                *index++ = Offset(block, columnsB[own.B[i]]);
            }
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

    /// <summary>Positions of the weights that two rows don't share.</summary>
    private sealed class PairBuffer(int capacity)
    {
        public int[] A { get; } = new int[capacity];

        public int[] B { get; } = new int[capacity];
    }
}
