using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>For each group, stage and block row the active blocks: the first column in the stage, and the weights column by column.</summary>
/// <param name="GroupRows">Rows of a group of threads.</param>
/// <param name="StageColumns">Columns of a stage.</param>
/// <param name="Rows">Rows of a block, a divisor of GroupRows.</param>
/// <param name="Columns">Columns of a block, a divisor of StageColumns.</param>
public sealed record BlockGpuFormat(int GroupRows, int StageColumns, int Rows, int Columns) : GpuFormat(GroupRows, StageColumns)
{
    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var (groups, stages, blockRows, stageBlocks) = (Groups(matrix), Stages(matrix), GroupRows / Rows, StageColumns / Columns);
        var starts = new int[checked(groups * stages * blockRows) + 1];
        var places = new List<int>();
        var values = new List<float>();
        // Where each row of the group goes on, and which blocks of the stage hold a weight.
        var next = new int[GroupRows];
        var found = new int[stageBlocks];
        var start = 0;
        for (var group = 0; group < groups; group++)
        {
            Array.Clear(next);
            for (var stage = 0; stage < stages; stage++)
            {
                for (var blockRow = 0; blockRow < blockRows; blockRow++)
                {
                    AddBlocks((group * GroupRows) + (blockRow * Rows), stage * StageColumns, next.AsSpan(blockRow * Rows, Rows));
                    starts[++start] = places.Count;
                }
            }
        }

        return new GpuArrays(starts, [.. places], [.. values], values.Count);

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
