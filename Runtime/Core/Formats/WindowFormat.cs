namespace KernelGen.Formats;

/// <summary>
/// Rows in lanes: tiles of <see cref="Lanes"/> rows with similar counts of nonzeros, and windows of <see cref="Window"/> columns that a kernel
/// holds in registers and moves along a tile's rows. Each window has <see cref="Steps"/> steps, so that nothing is counted inside. Tile after
/// tile, Counts (int): the rows of its lanes [Lanes], where numbers from the matrix's rows on name a lane without a row; the number of its
/// windows; the first column of each, never falling. In that order, Values (float) hold for each step one weight of every lane's row [Lanes],
/// and Indices for each word of steps, of which a window's last may be cut, one word for every lane [Lanes]. A window takes from each row as many
/// of its next nonzeros as it reaches and has steps for; where a row has no more, value 0 and column 0 pad it.
/// </summary>
/// <param name="Lanes">Rows of a tile.</param>
/// <param name="Window">Columns of a window, at most 256.</param>
/// <param name="Steps">Steps of a window.</param>
/// <param name="Index">How a lane's columns are written.</param>
public sealed record WindowFormat(int Lanes, int Window, int Steps, LaneIndex Index) : PackFormat
{
    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, Lanes);

    /// <inheritdoc/>
    public override int PaddedColumns(int columns) => checked(columns + Window - 1);

    /// <inheritdoc/>
    public override string ToString() => $"{(Lanes == 1 ? "row by row" : $"{Lanes} rows in lanes")}, {Steps} steps in windows of {Window} columns";
}
