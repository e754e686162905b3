namespace KernelGen.Formats;

/// <summary>
/// Cuts a layer's rows into parts that threads share. The matrix and its format alone decide, never the number of threads: so results don't
/// depend on it.
/// </summary>
internal static class RowParts
{
    /// <summary>Boundaries are multiples of this, so that what a part writes begins with a cache line.</summary>
    private const int BoundaryMultiple = 16;

    private const int MostParts = 16;

    /// <summary>
    /// Weights that a part has at least, about: they take some ten microseconds, several times what a thread takes to begin. Tests replace it.
    /// </summary>
    public static int LeastWeights { get; set; } = 256 * 1024;

    /// <summary>The first row of every part.</summary>
    public static List<int> Cut(SparseMatrix matrix, PackFormat format)
    {
        // A dense format holds zeros too.
        var weights = format is TileFormat ? (long)matrix.Rows * matrix.Columns : matrix.Nonzeros;
        var parts = Math.Clamp(weights / LeastWeights, 1, MostParts);
        var starts = new List<int> { 0 };
        var multiple = Multiple(format);
        for (long row = multiple; row < matrix.Rows && starts.Count < parts; row += multiple)
        {
            var before = format is TileFormat ? row * matrix.Columns : matrix.FirstValue((int)row);
            if (before * parts >= weights * starts.Count)
            {
                starts.Add((int)row);
            }
        }

        return starts;
    }

    /// <summary>Between rows that no tile or block of the format holds together.</summary>
    private static long Multiple(PackFormat format)
    {
        long own = format.PaddedRows(1);
        var multiple = own;
        while (multiple % BoundaryMultiple != 0)
        {
            multiple += own;
        }

        return multiple;
    }
}
