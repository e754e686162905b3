namespace KernelGen.Formats;

/// <summary>
/// Rows in lanes: tiles of <see cref="Lanes"/> consecutive rows, windows of <see cref="Window"/> columns that a kernel
/// holds in registers. Tile after tile, window after window: Counts (ushort) [tile * windows + window] steps, and for each
/// step one weight of every lane's row: Values (float) [Lanes], Indices (bytes) [Lanes] or [4 * Lanes].
/// A lane's k-th step holds its row's k-th nonzero of the window; where the row has no more, value 0 and index 0 pad it.
/// </summary>
/// <param name="Lanes">Rows of a tile.</param>
/// <param name="Window">Columns of a window, at most 256.</param>
/// <param name="Index">How a lane's column is written.</param>
/// <param name="StepsPerWindow">
/// 0: steps are counted. More: every window has exactly this many and Counts is empty; a pattern must guarantee
/// that no row has more (N:M with Window a multiple of M). A cut last window has as many, padded.
/// </param>
public sealed record WindowFormat(int Lanes, int Window, LaneIndex Index, int StepsPerWindow = 0) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, Lanes);

    /// <inheritdoc/>
    /// <remarks>A window's registers hold up to 32 activations, also where the window has fewer columns.</remarks>
    public override int PaddedColumns(int columns) => RoundUp(columns, Window) + Math.Max(0, 32 - Window);

    /// <inheritdoc/>
    public override string ToString() => $"{(Lanes == 1 ? "row by row" : $"{Lanes} rows in lanes")}, windows of {Window} columns";
}

/// <summary>How <see cref="WindowFormat"/> writes the column of a weight inside its window.</summary>
public enum LaneIndex
{
    /// <summary>One byte: the column c.</summary>
    Column,

    /// <summary>Four bytes 4c, 4c+1, 4c+2, 4c+3: a byte-wise table look-up.</summary>
    TableBytes,
}
