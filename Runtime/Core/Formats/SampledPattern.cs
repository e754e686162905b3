namespace KernelGen.Formats;

/// <summary>Which weights are active, as the emitted kernel of a weight gradient sees it.</summary>
/// <param name="rows">Outputs.</param>
/// <param name="columns">The column of each active weight, row by row, ascending.</param>
/// <param name="segments">
/// For each block of columns and each row its active weights there: [blocks][rows] of row, first weight, count; in a block those with the most weights
/// come first, so that equally many follow each other.
/// </param>
public readonly unsafe struct SampledPattern(int rows, int* columns, int* segments)
{
    /// <summary>Outputs.</summary>
    public int Rows { get; } = rows;

    /// <summary>The column of each active weight, row by row, ascending.</summary>
    public int* Columns { get; } = columns;

    /// <summary>The active weights of each row in each block of columns, [blocks][rows] of row, first weight, count.</summary>
    public int* Segments { get; } = segments;
}
