namespace KernelGen.Formats;

/// <summary>
/// N:M with rows in lanes: tiles of <see cref="Lanes"/> consecutive rows; every row has at most <see cref="Steps"/> nonzeros in each
/// <see cref="Reach"/> columns, which are whole groups. Tile after tile, and window after window of <see cref="Reaches"/> times Reach columns:
/// Values (float) hold for each of the window's Reaches * Steps steps one weight of every lane's row [Lanes], and Indices for each word of
/// steps, of which the window's last may be cut, one word for every lane [Lanes]. Reach after reach, a lane's k-th step holds its row's k-th
/// nonzero there; where the row has no more, value 0 and column 0 pad it. Counts is empty.
/// </summary>
/// <param name="Lanes">Rows of a tile.</param>
/// <param name="Reach">Columns among which one permute chooses.</param>
/// <param name="Steps">Steps of a reach.</param>
/// <param name="Reaches">Reaches of a window.</param>
/// <param name="Index">How a lane's columns are written.</param>
public sealed record GroupFormat(int Lanes, int Reach, int Steps, int Reaches, LaneIndex Index) : PackFormat
{
    /// <summary>Columns of a window.</summary>
    public int Window => Reach * Reaches;

    /// <inheritdoc/>
    public override int PaddedRows(int rows) => RoundUp(rows, Lanes);

    /// <inheritdoc/>
    /// <remarks>A reach's registers hold up to 32 activations, also where it has fewer columns.</remarks>
    public override int PaddedColumns(int columns) => RoundUp(columns, Window) + Math.Max(0, 32 - Reach);

    /// <inheritdoc/>
    public override string ToString() => $"{(Lanes == 1 ? "row by row" : $"{Lanes} rows in lanes")}, {Steps} {(Steps == 1 ? "step" : "steps")} in every {Reach} columns";
}
