namespace KernelGen.Formats;

/// <summary>
/// Dense: tiles of <see cref="TileRows"/> consecutive rows; inside a tile column by column, so that a kernel reads
/// one stream: Values[(tile * columns + column) * TileRows + rowInTile]. The last tile is padded with zero rows.
/// </summary>
/// <param name="TileRows">Rows of a tile.</param>
public sealed record TileFormat(int TileRows) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, TileRows);

    /// <inheritdoc/>
    public override string ToString() => $"dense tiles of {TileRows} rows";
}
