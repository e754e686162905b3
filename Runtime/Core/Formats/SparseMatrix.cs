using System.Buffers;
using System.Runtime.CompilerServices;

namespace KernelGen.Formats;

/// <summary>
/// A layer's weights in their canonical, immutable form: CSR of the active weights, rows and columns ascending. Every pack and
/// file is made from it. The rows of a full matrix share one row of column numbers.
/// </summary>
internal sealed class SparseMatrix
{
    private readonly int[] _rowStarts;
    private readonly int[] _columnIndices;
    private readonly float[] _values;

    // Whether all rows share one row of column numbers.
    private readonly bool _sharesColumns;

    // Whether column numbers, unless shared, and values come from the pool, and nobody else has them.
    private bool _isPooled;

    private SparseMatrix(int rows, int columns, int[] rowStarts, int[] columnIndices, float[] values, bool sharesColumns)
    {
        Rows = rows;
        Columns = columns;
        _rowStarts = rowStarts;
        _columnIndices = columnIndices;
        _values = values;
        _sharesColumns = sharesColumns;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Active weights; an active weight may be 0.</summary>
    public int Nonzeros => _rowStarts[Rows] - _rowStarts[0];

    public bool IsFull => (long)Nonzeros == (long)Rows * Columns;

    public double Density => (double)Nonzeros / ((long)Rows * Columns);

    /// <summary>All active weights in row order.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(_rowStarts[0], Nonzeros);

    /// <summary>Compresses a dense row-major matrix; without a mask, what isn't +0 or -0 is active.</summary>
    /// <param name="weights">Row-major.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="mask">Row-major; empty for none.</param>
    /// <param name="expected">How many are active, if that is known, or 0: a wrong number costs time alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SparseMatrix FromDense(ReadOnlySpan<float> weights, int rows, int columns, ReadOnlySpan<bool> mask = default, int expected = 0)
    {
        var starts = new int[rows + 1];
        var active = new ActiveWeights(expected, columns, weights.Length);
        for (var row = 0; row < rows; row++)
        {
            active.Add(weights.Slice(row * columns, columns), mask.IsEmpty ? default : mask.Slice(row * columns, columns));
            starts[row + 1] = active.Count;
        }

        var (indices, values) = active.Take();
        return FromCsr(rows, columns, starts, indices, values);
    }

    /// <summary>Takes over CSR arrays: rows + 1 starts, and in each row ascending columns; what lies behind the last row doesn't count.</summary>
    public static SparseMatrix FromCsr(int rows, int columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        var full = rowStarts[rows] == (long)rows * columns;
        return new SparseMatrix(rows, columns, rowStarts, full ? FullRow(columns) : columnIndices, values, full);
    }

    /// <summary>The same of pooled arrays, which <see cref="Return"/> gives back; values may be empty.</summary>
    public static SparseMatrix FromPooledCsr(int rows, int columns, int[] rowStarts, int[] columnIndices, float[] values)
    {
        var matrix = FromCsr(rows, columns, rowStarts, columnIndices, values);
        matrix._isPooled = true;
        if (matrix._sharesColumns)
        {
            ArrayPool<int>.Shared.Return(columnIndices);
        }

        return matrix;
    }

    /// <summary>A mask alone: it has no values.</summary>
    /// <param name="mask">Row-major.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static SparseMatrix FromMask(ReadOnlySpan<bool> mask, int rows, int columns)
    {
        var starts = new int[rows + 1];
        var indices = new int[mask.Count(true)];
        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            var own = mask.Slice(row * columns, columns);
            for (var column = own.IndexOf(true); column >= 0 && column < columns;)
            {
                indices[next++] = column++;
                var step = own[column..].IndexOf(true);
                column = step < 0 ? columns : column + step;
            }

            starts[row + 1] = next;
        }

        return FromCsr(rows, columns, starts, indices, []);
    }

    /// <summary>Takes over a dense row-major matrix of which every element is active.</summary>
    public static SparseMatrix FromFull(int rows, int columns, float[] values)
    {
        var starts = new int[rows + 1];
        for (var row = 0; row <= rows; row++)
        {
            starts[row] = row * columns;
        }

        return new SparseMatrix(rows, columns, starts, FullRow(columns), values, true);
    }

    /// <summary>The same mask with other values, which it takes over.</summary>
    public static SparseMatrix FromCsr(SparseMatrix mask, float[] values) => new(mask.Rows, mask.Columns, mask._rowStarts, mask._columnIndices, values, mask._sharesColumns);

    /// <summary>Whether the same weights are active.</summary>
    public bool HasMaskOf(SparseMatrix other)
        => Columns == other.Columns && _rowStarts.AsSpan().SequenceEqual(other._rowStarts) && (IsFull || ColumnNumbers.SequenceEqual(other.ColumnNumbers));

    /// <summary>Gives pooled arrays back. It is the caller's to know that nobody uses this any more, nor what shares memory with it.</summary>
    public void Return()
    {
        if (_isPooled)
        {
            _isPooled = false;
            if (!_sharesColumns)
            {
                ArrayPool<int>.Shared.Return(_columnIndices);
            }

            ArrayPool<float>.Shared.Return(_values);
        }
    }

    /// <summary>The matrix turned round: rows are what columns were.</summary>
    public SparseMatrix Transpose() => Transpose(new int[Nonzeros], new float[Nonzeros]);

    /// <summary>The same in arrays of the caller's, which it takes over; they may be longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SparseMatrix Transpose(int[] indices, float[] values)
    {
        var starts = new int[Columns + 1];
        for (var row = 0; row < Rows; row++)
        {
            foreach (var column in RowColumns(row))
            {
                starts[column + 1]++;
            }
        }

        for (var column = 0; column < Columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var next = starts[..^1];
        for (var row = 0; row < Rows; row++)
        {
            var columns = RowColumns(row);
            var own = RowValues(row);
            for (var k = 0; k < columns.Length; k++)
            {
                var place = next[columns[k]]++;
                indices[place] = row;
                values[place] = own[k];
            }
        }

        return FromCsr(Columns, Rows, starts, indices, values);
    }

    /// <summary>
    /// At least so many rows, or all: runs of neighbours, spread evenly over the matrix.
    /// </summary>
    /// <param name="rows">How many.</param>
    /// <param name="multiple">What a run's length is a multiple of.</param>
    public SparseMatrix Sample(int rows, int multiple)
    {
        const int Runs = 4;
        var length = (rows + (Runs * multiple) - 1) / (Runs * multiple) * multiple;
        if ((long)length * Runs >= Rows)
        {
            return this;
        }

        var starts = new int[(length * Runs) + 1];
        var picked = Enumerable.Range(0, Runs)
            .SelectMany(run => Enumerable.Range((int)((long)run * (Rows - length) / (Runs - 1) / multiple * multiple), length)).ToArray();
        for (var i = 0; i < picked.Length; i++)
        {
            starts[i + 1] = starts[i] + RowValues(picked[i]).Length;
        }

        var indices = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var i = 0; i < picked.Length; i++)
        {
            RowColumns(picked[i]).CopyTo(indices.AsSpan(starts[i]));
            RowValues(picked[i]).CopyTo(values.AsSpan(starts[i]));
        }

        return FromCsr(picked.Length, Columns, starts, indices, values);
    }

    /// <summary>Neighbouring rows as a matrix of their own, which holds the same memory.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public SparseMatrix Slice(int first, int count)
        => count == Rows ? this : new(count, Columns, _rowStarts.AsSpan(first, count + 1).ToArray(), _columnIndices, _values, _sharesColumns);

    /// <summary>Where each row's values begin among all, and where the last one's end.</summary>
    public int[] RowStarts()
    {
        var starts = new int[Rows + 1];
        for (var row = 0; row <= Rows; row++)
        {
            starts[row] = FirstValue(row);
        }

        return starts;
    }

    /// <summary>The rows' column numbers, from <see cref="FirstColumn"/> on.</summary>
    public ReadOnlySpan<int> ColumnNumbers => _sharesColumns ? _columnIndices : _columnIndices.AsSpan(_rowStarts[0], Nonzeros);

    public int RowLength(int row) => _rowStarts[row + 1] - _rowStarts[row];

    /// <summary>The nonzeros of each row.</summary>
    public int[] RowLengths()
    {
        var lengths = new int[Rows];
        for (var row = 0; row < lengths.Length; row++)
        {
            lengths[row] = RowLength(row);
        }

        return lengths;
    }

    /// <summary>Where a row's column numbers begin among all.</summary>
    public int FirstColumn(int row) => _sharesColumns ? 0 : FirstValue(row);

    /// <summary>Where a row's values begin among all.</summary>
    public int FirstValue(int row) => _rowStarts[row] - _rowStarts[0];

    public ReadOnlySpan<int> RowColumns(int row) => _columnIndices.AsSpan(_sharesColumns ? 0 : _rowStarts[row], RowLength(row));

    public ReadOnlySpan<float> RowValues(int row) => _values.AsSpan(_rowStarts[row], RowLength(row));

    /// <summary>Whether neighbouring rows have the same active columns, as those of whole blocks do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool ShareColumns(int first, int rows)
    {
        var columns = RowColumns(first);
        for (var row = first + 1; row < first + rows; row++)
        {
            if (!RowColumns(row).SequenceEqual(columns))
            {
                return false;
            }
        }

        return true;
    }

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

    /// <summary>Takes the active weights out of a dense row-major matrix.</summary>
    /// <param name="weights">Row-major.</param>
    /// <param name="values">Receives them, in order; may be longer.</param>
    public void Compress(ReadOnlySpan<float> weights, Span<float> values)
    {
        for (var row = 0; row < Rows; row++)
        {
            var columns = RowColumns(row);
            var first = FirstValue(row);
            for (var k = 0; k < columns.Length; k++)
            {
                values[first + k] = weights[(row * Columns) + columns[k]];
            }
        }
    }

    /// <summary>Where the active weights lie in the dense row-major matrix.</summary>
    public long[] Places()
    {
        var places = new long[Nonzeros];
        for (var row = 0; row < Rows; row++)
        {
            var columns = RowColumns(row);
            var first = FirstValue(row);
            for (var k = 0; k < columns.Length; k++)
            {
                places[first + k] = ((long)row * Columns) + columns[k];
            }
        }

        return places;
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
