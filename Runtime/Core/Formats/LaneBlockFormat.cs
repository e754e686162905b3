namespace KernelGen.Formats;

/// <summary>
/// BCSR whose blocks share a vector's lanes among neighbouring columns: block row after block row, Counts (int) [blockRow] blocks, a multiple of
/// <see cref="Together"/>; for each, in ascending order, Indices (int): its first column, and Values (float) column by column: [column in block *
/// Rows + row in block], <see cref="StoredColumns"/> columns. Blocks cut by the matrix's edge, and the columns that a block stores beyond its own,
/// are padded with zeros; blocks of zeros that begin behind the matrix's last block fill up a block row.
/// </summary>
/// <param name="Lanes">Floats of the kernel's vectors, a multiple of Rows.</param>
/// <param name="Rows">Outputs of a block.</param>
/// <param name="Columns">Inputs of a block.</param>
/// <param name="StoredColumns">Columns of a block that are stored: half a vector, or whole ones.</param>
/// <param name="Together">Blocks that a step of the kernel takes.</param>
public sealed record LaneBlockFormat(int Lanes, int Rows, int Columns, int StoredColumns, int Together) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, Lanes);

    /// <inheritdoc/>
    /// <remarks>A block of zeros begins behind the last column, and activations are loaded by up to 16.</remarks>
    public override int PaddedColumns(int columns) => checked(RoundUp(columns, Columns) + RoundUp(StoredColumns, 16));

    /// <inheritdoc/>
    public override string ToString()
        => $"BCSR, {Rows}x{Columns} blocks{(StoredColumns > Columns ? $" stored as {Rows}x{StoredColumns}" : "")} in {Lanes} lanes, {Together} at a time";
}
