using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>For each tile of rows, stage and block row the active blocks: the first column in the stage, and the weights column by column.</summary>
/// <param name="PackRows">Rows that lie together, a multiple of a kernel's.</param>
/// <param name="StageColumns">Columns of a stage.</param>
/// <param name="Rows">Rows of a block, a divisor of PackRows.</param>
/// <param name="Columns">Columns of a block, a divisor of StageColumns.</param>
public sealed record BlockGpuFormat(int PackRows, int StageColumns, int Rows, int Columns) : GpuFormat(PackRows, StageColumns)
{
    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var (tiles, stages, blockRows, stageBlocks) = (Tiles(matrix), Stages(matrix), PackRows / Rows, StageColumns / Columns);
        var starts = new int[checked(tiles * stages * blockRows) + 1];
        var places = new List<int>();
        var values = new List<float>();
        // Where each row of the tile goes on, and which blocks of the stage hold a weight.
        var next = new int[PackRows];
        var found = new int[stageBlocks];
        var start = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            Array.Clear(next);
            for (var stage = 0; stage < stages; stage++)
            {
                for (var blockRow = 0; blockRow < blockRows; blockRow++)
                {
                    AddBlocks((tile * PackRows) + (blockRow * Rows), stage * StageColumns, next.AsSpan(blockRow * Rows, Rows));
                    starts[++start] = places.Count;
                }
            }
        }

        var stored = values.Count;
        // Kernels load a block ahead, also behind the last.
        places.Add(0);
        values.AddRange(new float[Rows * Columns]);
        return new GpuArrays(starts, [.. places], [.. values], stored);

        void AddBlocks(int firstRow, int firstColumn, Span<int> nexts)
        {
            Array.Fill(found, -1);
            for (var i = 0; i < Rows && firstRow + i < matrix.Rows; i++)
            {
                var columns = matrix.RowColumns(firstRow + i);
                for (var k = nexts[i]; k < columns.Length && columns[k] < firstColumn + StageColumns; k++)
                {
                    found[(columns[k] - firstColumn) / Columns] = 0;
                }
            }

            for (var block = 0; block < stageBlocks; block++)
            {
                if (found[block] == 0)
                {
                    found[block] = values.Count;
                    places.Add(block * Columns);
                    values.AddRange(new float[Rows * Columns]);
                }
            }

            for (var i = 0; i < Rows && firstRow + i < matrix.Rows; i++)
            {
                var columns = matrix.RowColumns(firstRow + i);
                var weights = matrix.RowValues(firstRow + i);
                for (; nexts[i] < columns.Length && columns[nexts[i]] < firstColumn + StageColumns; nexts[i]++)
                {
                    var column = columns[nexts[i]] - firstColumn;
                    values[found[column / Columns] + (column % Columns * Rows) + i] = weights[nexts[i]];
                }
            }
        }
    }
}
