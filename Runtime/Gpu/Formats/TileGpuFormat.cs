using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>Dense: for each group of rows, column after column; zeros beyond the last row and column.</summary>
/// <param name="GroupRows">Rows of a group of threads.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public sealed record TileGpuFormat(int GroupRows, int StageColumns) : GpuFormat(GroupRows, StageColumns)
{
    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var columns = Stages(matrix) * StageColumns;
        var values = new float[checked(Groups(matrix) * columns * GroupRows)];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (first, inGroup) = ((row / GroupRows * columns * GroupRows), row % GroupRows);
            var rowColumns = matrix.RowColumns(row);
            var rowValues = matrix.RowValues(row);
            for (var k = 0; k < rowColumns.Length; k++)
            {
                values[first + (rowColumns[k] * GroupRows) + inGroup] = rowValues[k];
            }
        }

        return new GpuArrays([], [], values, (long)matrix.Rows * matrix.Columns);
    }
}
