using KernelGen.Formats;

namespace KernelGen.Gpu.Formats;

/// <summary>How a GPU kernel wants its weights: tile after tile of rows, stage after stage of columns.</summary>
/// <param name="PackRows">Rows that lie together, a multiple of a kernel's.</param>
/// <param name="StageColumns">Columns of a stage.</param>
public abstract record GpuFormat(int PackRows, int StageColumns)
{
    /// <summary>Lays a matrix out.</summary>
    internal abstract GpuArrays Pack(SparseMatrix matrix);

    private protected int Tiles(SparseMatrix matrix) => ((matrix.Rows - 1) / PackRows) + 1;

    private protected int Stages(SparseMatrix matrix) => ((matrix.Columns - 1) / StageColumns) + 1;
}
