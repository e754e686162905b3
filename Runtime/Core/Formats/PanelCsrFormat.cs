namespace KernelGen.Formats;

/// <summary>
/// CSR in blocks of <see cref="BlockColumns"/> columns, so that a block's slice of a feature-major panel stays in L1.
/// Block after block, and row after row inside a block: Counts (ushort) [block * rows + row] nonzeros, their Values (float)
/// and Indices (ushort), columns ascending. An index is (column - block * BlockColumns) * ColumnStride: the byte offset
/// of the column's activations in the block's slice. Nothing is padded.
/// </summary>
/// <param name="BlockColumns">Columns of a block; BlockColumns * ColumnStride is at most 65536.</param>
/// <param name="ColumnStride">Bytes from one feature's activations to the next's in the panel.</param>
public sealed record PanelCsrFormat(int BlockColumns, int ColumnStride) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => rows;

    /// <inheritdoc/>
    public override string ToString() => $"CSR in blocks of {BlockColumns} columns";
}
