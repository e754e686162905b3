namespace KernelGen.Formats;

/// <summary>
/// Where a layer's active weights are, as kernels of its weight gradient read it. Columns go in blocks. In each block the rows go in pairs, ordered by how
/// many active weights they have there, most first: the two of a pair have equally many, or nearly. Of an odd number of rows, the last has the number of rows
/// as its partner, without weights.
/// </summary>
/// <param name="columns">
/// Block after block and pair after pair: the columns of both rows, once where they are the same, else in turns as far as the second has any and then what
/// the first has beyond; counted from the block's first column.
/// </param>
/// <param name="counts">
/// How many active weights each row has in a block: [blocks][rows, rounded up to 2], in the order of the pairs. See <see cref="Count"/> and
/// <see cref="IsShared"/> for the second of a pair.
/// </param>
/// <param name="pairs">
/// Four numbers for each pair, each of <see cref="NumberBytes"/>: its rows, and how many active weights each has before the block.
/// </param>
/// <param name="starts">How many active weights there are before each row: [rows].</param>
/// <param name="blockColumns">Columns of a block, at most <see cref="MostColumns"/>.</param>
public readonly unsafe struct SampledIndex(byte* columns, byte* counts, byte* pairs, int* starts, int blockColumns)
{
    /// <summary>The most columns of a block: the highest bit of a count says that columns are shared.</summary>
    public const int MostColumns = 127;

    /// <summary>The columns, pair after pair.</summary>
    public byte* Columns { get; } = columns;

    /// <summary>How many active weights each row has in a block.</summary>
    public byte* Counts { get; } = counts;

    /// <summary>The rows of each pair, and how many active weights each has before the block.</summary>
    public byte* Pairs { get; } = pairs;

    /// <summary>How many active weights there are before each row.</summary>
    public int* Starts { get; } = starts;

    /// <summary>Columns of a block.</summary>
    public int BlockColumns { get; } = blockColumns;

    /// <summary>How many active weights the second row of a pair has.</summary>
    /// <param name="count">Its count.</param>
    public static int Count(byte count) => count & MostColumns;

    /// <summary>Whether the two rows of a pair have the same columns.</summary>
    /// <param name="count">The second row's count.</param>
    public static bool IsShared(byte count) => count > MostColumns;

    /// <summary>Bytes of a number in <see cref="Pairs"/>: those of a ushort as long as that holds them all, else those of an int.</summary>
    /// <param name="columns">The layer's inputs.</param>
    /// <param name="rows">The layer's outputs.</param>
    public static int NumberBytes(int columns, int rows) => columns > ushort.MaxValue || rows > ushort.MaxValue ? sizeof(int) : sizeof(ushort);
}
