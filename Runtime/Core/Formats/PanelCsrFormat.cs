namespace KernelGen.Formats;

/// <summary>
/// CSR in blocks of <see cref="BlockColumns"/> columns, so that a block's slice of a feature-major panel stays in L1, with rows in pairs that differ
/// from block to block, so that rows with columns in common share them. Block after block, pair after pair: Counts (ushort, or int) [5]: rows A and
/// B, where A has at least as many nonzeros in the block; then the numbers of steps: shared, own, extra. Values (float) and Indices (ushort):
/// a shared step is a value of A, one of B, and the index of their common column; an own step is a value of A and one of B, and the index of each;
/// an extra step is a value of A and its index. Within each of the three, a row's columns ascend. Nothing is padded.
/// An index is (column - block * BlockColumns) * ColumnStride: where the column's activations begin in the block's slice, in floats.
/// Of an odd number of rows one has no partner in a block: its B is the number of rows, and has no nonzeros.
/// </summary>
/// <param name="BlockColumns">Columns of a block; BlockColumns * ColumnStride is at most 65536.</param>
/// <param name="ColumnStride">Floats from one feature's activations to the next's in the panel.</param>
/// <param name="WideCounts">Whether Counts are int: for more than 65535 rows.</param>
public sealed record PanelCsrFormat(int BlockColumns, int ColumnStride, bool WideCounts = false) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, 2);

    /// <inheritdoc/>
    public override string ToString() => $"pairs of rows, CSR in blocks of {BlockColumns} columns";
}
