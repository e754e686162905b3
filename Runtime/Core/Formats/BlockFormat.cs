namespace KernelGen.Formats;

/// <summary>
/// BCSR: block row after block row, Counts (int) [blockRow] active blocks; for each, in ascending order, Indices (int): its first
/// column, and Values (float) column by column: [column in block * Rows + row in block]. Blocks cut by the matrix's
/// edge are padded with zeros.
/// </summary>
/// <param name="Rows">Outputs of a block.</param>
/// <param name="Columns">Inputs of a block.</param>
public sealed record BlockFormat(int Rows, int Columns) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, Rows);

    /// <inheritdoc/>
    public override int PaddedColumns(int columns) => RoundUp(columns, Columns);

    /// <inheritdoc/>
    public override string ToString() => $"BCSR, {Rows}x{Columns} blocks";
}
