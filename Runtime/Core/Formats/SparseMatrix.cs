namespace KernelGen.Formats;

/// <summary>
/// A layer's weights in their canonical, immutable form: CSR of the active weights, rows and columns ascending. Every pack and
/// file is made from it. A full matrix shares one row of column numbers.
/// </summary>
internal sealed class SparseMatrix
{
    private readonly int[] _rowStarts;
    private readonly int[] _columnIndices;
    private readonly float[] _values;

    private SparseMatrix(int rows, int columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        Rows = rows;
        Columns = columns;
        _rowStarts = rowStarts;
        _columnIndices = columnIndices;
        _values = values;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Active weights; an active weight may be 0.</summary>
    public int Nonzeros => _values.Length;

    public bool IsFull => (long)Nonzeros == (long)Rows * Columns;

    public double Density => (double)Nonzeros / ((long)Rows * Columns);

    /// <summary>All active weights in row order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Compresses a dense row-major matrix; without a mask, what isn't +0 or -0 is active.</summary>
    public static SparseMatrix FromDense(ReadOnlySpan<float> weights, int rows, int columns, ReadOnlySpan<bool> mask = default)
    {
        var starts = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            var count = mask.IsEmpty
                ? columns - CountZeros(weights.Slice(row * columns, columns))
                : mask.Slice(row * columns, columns).Count(true);
            starts[row + 1] = starts[row] + count;
        }

        var full = starts[rows] == (long)rows * columns;
        var indices = full ? FullRow(columns) : new int[starts[rows]];
        var values = new float[starts[rows]];
        if (full)
        {
            weights[..values.Length].CopyTo(values);
            return new SparseMatrix(rows, columns, starts, indices, values);
        }

        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            var rowWeights = weights.Slice(row * columns, columns);
            for (var column = 0; column < columns; column++)
            {
                if (mask.IsEmpty ? rowWeights[column] != 0 : mask[(row * columns) + column])
                {
                    indices[next] = column;
                    values[next++] = rowWeights[column];
                }
            }
        }

        return new SparseMatrix(rows, columns, starts, indices, values);
    }

    public ReadOnlySpan<int> RowColumns(int row)
        => IsFull ? _columnIndices : _columnIndices.AsSpan(_rowStarts[row].._rowStarts[row + 1]);

    public ReadOnlySpan<float> RowValues(int row) => _values.AsSpan(_rowStarts[row].._rowStarts[row + 1]);

    /// <summary>Writes the dense row-major matrix, zeros where nothing is active.</summary>
    public void ToDense(Span<float> weights)
    {
        weights[..(Rows * Columns)].Clear();
        for (var row = 0; row < Rows; row++)
        {
            var values = RowValues(row);
            var columns = RowColumns(row);
            for (var k = 0; k < values.Length; k++)
            {
                weights[(row * Columns) + columns[k]] = values[k];
            }
        }
    }

    /// <summary>Writes the dense row-major mask.</summary>
    public void ToMask(Span<bool> mask)
    {
        mask[..(Rows * Columns)].Clear();
        for (var row = 0; row < Rows; row++)
        {
            foreach (var column in RowColumns(row))
            {
                mask[(row * Columns) + column] = true;
            }
        }
    }

    private static int CountZeros(ReadOnlySpan<float> weights)
    {
        var zeros = 0;
        foreach (var weight in weights)
        {
            zeros += weight == 0 ? 1 : 0;
        }

        return zeros;
    }

    private static int[] FullRow(int columns)
    {
        var row = new int[columns];
        for (var i = 0; i < columns; i++)
        {
            row[i] = i;
        }

        return row;
    }
}
