using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>
/// N:M: for each tile of rows, stage, step and row the places of the step's weights, counted within their groups of M columns and packed into words, and
/// their values. A weight that isn't there has place M, where kernels keep a zero, and value 0.
/// </summary>
/// <param name="PackRows">Rows that lie together, a multiple of a kernel's.</param>
/// <param name="StageColumns">Columns of a stage.</param>
/// <param name="N">Weights of a group of columns.</param>
/// <param name="M">Columns of a group.</param>
/// <param name="StepGroups">Groups of columns in a step.</param>
/// <param name="PlaceBits">Bits of a place.</param>
public sealed record GroupGpuFormat(int PackRows, int StageColumns, int N, int M, int StepGroups, int PlaceBits)
    : GpuFormat(PackRows, StageColumns)
{
    private int StepWeights => StepGroups * N;

    private int WordPlaces => 32 / PlaceBits;

    internal override GpuArrays Pack(SparseMatrix matrix)
    {
        var steps = Stages(matrix) * (StageColumns / (StepGroups * M));
        var words = ((StepWeights - 1) / WordPlaces) + 1;
        var rowSteps = checked(Tiles(matrix) * steps * PackRows);
        var places = new int[checked(rowSteps * words)];
        var values = new float[checked(rowSteps * StepWeights)];
        for (var tile = 0; tile < Tiles(matrix); tile++)
        {
            for (var inTile = 0; inTile < PackRows; inTile++)
            {
                var row = (tile * PackRows) + inTile;
                var columns = row < matrix.Rows ? matrix.RowColumns(row) : [];
                var weights = row < matrix.Rows ? matrix.RowValues(row) : [];
                var k = 0;
                for (var step = 0; step < steps; step++)
                {
                    var at = (((tile * steps) + step) * PackRows) + inTile;
                    k = FillStep(columns, weights, k, step * StepGroups * M, places.AsSpan(at * words, words), values.AsSpan(at * StepWeights, StepWeights));
                }
            }
        }

        return new GpuArrays([], places, values, values.Length);
    }

    /// <summary>Fills one step of one row; where the next step's weights begin.</summary>
    private int FillStep(ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, int k, int firstColumn, Span<int> places, Span<float> values)
    {
        for (var i = 0; i < StepWeights; i++)
        {
            var first = firstColumn + (i / N * M);
            var isThere = k < columns.Length && columns[k] < first + M;
            var place = isThere ? columns[k] - first : M;
            values[i] = isThere ? weights[k] : 0;
            places[i / WordPlaces] |= place << (i % WordPlaces * PlaceBits);
            k += isThere ? 1 : 0;
        }

        return k;
    }
}
