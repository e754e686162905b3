using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>
/// Row-split CSR: for each group, stage and row the nonzeros in pairs of four floats, of which the first two are columns in the stage, as bits. An
/// odd nonzero is paired with a zero in the column behind the stage, which kernels keep at zero.
/// </summary>
/// <param name="GroupRows">Rows of a group of threads.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public sealed record CsrGpuFormat(int GroupRows, int StageColumns) : GpuFormat(GroupRows, StageColumns)
{
    private const int PairFloats = 4;

    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var (groups, stages) = (Groups(matrix), Stages(matrix));
        var starts = new int[checked(groups * stages * GroupRows) + 1];
        var values = new List<float>(PairFloats * ((matrix.Nonzeros / 2) + matrix.Rows));
        // Where each row of the group goes on.
        var next = new int[GroupRows];
        var start = 0;
        for (var group = 0; group < groups; group++)
        {
            Array.Clear(next);
            for (var stage = 0; stage < stages; stage++)
            {
                for (var inGroup = 0; inGroup < GroupRows; inGroup++)
                {
                    var row = (group * GroupRows) + inGroup;
                    if (row < matrix.Rows)
                    {
                        next[inGroup] = AddPairs(values, matrix.RowColumns(row), matrix.RowValues(row), next[inGroup], stage * StageColumns);
                    }

                    starts[++start] = values.Count / PairFloats;
                }
            }
        }

        return new GpuArrays(starts, [], [.. values], values.Count / 2);
    }

    /// <summary>Adds a row's nonzeros of a stage; where the next stage's begin.</summary>
    private int AddPairs(List<float> values, ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, int first, int firstColumn)
    {
        var last = first;
        while (last < columns.Length && columns[last] < firstColumn + StageColumns)
        {
            last++;
        }

        for (var k = first; k < last; k += 2)
        {
            var isPair = k + 1 < last;
            values.Add(Bits(columns[k] - firstColumn));
            values.Add(Bits(isPair ? columns[k + 1] - firstColumn : StageColumns));
            values.Add(weights[k]);
            values.Add(isPair ? weights[k + 1] : 0);
        }

        return last;
    }

    private static float Bits(int column) => BitConverter.Int32BitsToSingle(column);
}
