using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>How a GPU kernel wants its weights: group after group of rows, stage after stage of columns.</summary>
/// <param name="GroupRows">Rows of a group of threads.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public abstract record GpuFormat(int GroupRows, int StageColumns)
{
    /// <summary>Lays a matrix out.</summary>
    internal abstract GpuArrays Pack(SparseMatrix matrix);

    private protected int Groups(SparseMatrix matrix) => ((matrix.Rows - 1) / GroupRows) + 1;

    private protected int Stages(SparseMatrix matrix) => ((matrix.Columns - 1) / StageColumns) + 1;
}
