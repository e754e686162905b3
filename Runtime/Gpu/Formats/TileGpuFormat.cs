using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>Dense: for each tile of rows, column after column; zeros beyond the last row and column.</summary>
/// <param name="PackRows">Rows that lie together, a multiple of a kernel's.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public sealed record TileGpuFormat(int PackRows, int StageColumns) : GpuFormat(PackRows, StageColumns)
{
    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var columns = Stages(matrix) * StageColumns;
        var values = new float[checked(Tiles(matrix) * columns * PackRows)];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (first, inTile) = ((row / PackRows * columns * PackRows), row % PackRows);
            var rowColumns = matrix.RowColumns(row);
            var rowValues = matrix.RowValues(row);
            for (var k = 0; k < rowColumns.Length; k++)
            {
                values[first + (rowColumns[k] * PackRows) + inTile] = rowValues[k];
            }
        }

        return new GpuArrays([], [], values, (long)matrix.Rows * matrix.Columns);
    }
}
