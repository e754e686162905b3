using KernelGen.Formats;

namespace KernelGen.Serialization;

/// <summary>The active cells of a grid, as ascending positions row * columns + column.</summary>
/// <param name="Rows">Rows of the grid.</param>
/// <param name="Columns">Columns of the grid.</param>
/// <param name="Positions">Active cells, ascending.</param>
internal sealed record MaskGrid(int Rows, int Columns, int[] Positions)
{
    /// <summary>Cells, active or not.</summary>
    public int Cells => checked(Rows * Columns);

    /// <summary>Active cells.</summary>
    public int Count => Positions.Length;

    /// <summary>The mask of a matrix.</summary>
    public static MaskGrid Of(SparseMatrix matrix)
    {
        var positions = new int[matrix.Nonzeros];
        var next = 0;
        for (var row = 0; row < matrix.Rows; row++)
        {
            foreach (var column in matrix.RowColumns(row))
            {
                positions[next++] = checked((row * matrix.Columns) + column);
            }
        }

        return new MaskGrid(matrix.Rows, matrix.Columns, positions);
    }

    /// <summary>The matrix with this mask and the given values in row order.</summary>
    public SparseMatrix ToMatrix(float[] values)
    {
        var starts = new int[Rows + 1];
        var columns = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            var (row, column) = Math.DivRem(Positions[i], Columns);
            starts[row + 1]++;
            columns[i] = column;
        }

        for (var row = 0; row < Rows; row++)
        {
            starts[row + 1] += starts[row];
        }

        return SparseMatrix.FromCsr(Rows, Columns, starts, columns, values);
    }
}
