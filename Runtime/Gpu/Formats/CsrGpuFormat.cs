using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>
/// Row-split CSR: for each tile of rows, stage and row the nonzeros in pairs of four floats, of which the first two are columns in the stage, as bits. An
/// odd nonzero is paired with a zero in the column behind the stage, which kernels keep at zero.
/// </summary>
/// <param name="PackRows">Rows that lie together, a multiple of a kernel's.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public sealed record CsrGpuFormat(int PackRows, int StageColumns) : GpuFormat(PackRows, StageColumns)
{
    private const int PairFloats = 4;

    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var (tiles, stages) = (Tiles(matrix), Stages(matrix));
        var starts = new int[checked(tiles * stages * PackRows) + 1];
        var values = new List<float>(PairFloats * ((matrix.Nonzeros / 2) + matrix.Rows));
        // Where each row of the tile goes on.
        var next = new int[PackRows];
        var start = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            Array.Clear(next);
            for (var stage = 0; stage < stages; stage++)
            {
                for (var inTile = 0; inTile < PackRows; inTile++)
                {
                    var row = (tile * PackRows) + inTile;
                    if (row < matrix.Rows)
                    {
                        next[inTile] = AddPairs(values, matrix.RowColumns(row), matrix.RowValues(row), next[inTile], stage * StageColumns);
                    }

                    starts[++start] = values.Count / PairFloats;
                }
            }
        }

        var stored = values.Count / 2;
        // Kernels load a pair ahead, also behind the last.
        values.AddRange(new float[PairFloats]);
        return new GpuArrays(starts, [], [.. values], stored);
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
