namespace KernelGen.Formats;

/// <summary>
/// Where a layer's active weights are, as kernels of its weight gradient read it. Columns go in blocks. In each block the rows go in pairs, ordered by how
/// many active weights they have there, most first: the two of a pair have equally many, or nearly. Of an odd number of rows, the last has the number of rows
/// as its partner, without weights.
/// </summary>
/// <param name="columns">
/// Block after block and pair after pair: the columns of both rows in turns as far as the second has any, then what the first has beyond; counted from
/// the block's first column.
/// </param>
/// <param name="counts">How many active weights each row has in a block: [blocks][rows, rounded up to 2], in the order of the pairs.</param>
/// <param name="rows">The rows, in the same order; each of <see cref="RowBytes"/>.</param>
/// <param name="starts">How many active weights there are before each row: [rows].</param>
public readonly unsafe struct SampledIndex(byte* columns, byte* counts, byte* rows, int* starts)
{
    /// <summary>The columns, pair after pair.</summary>
    public byte* Columns { get; } = columns;

    /// <summary>How many active weights each row has in a block.</summary>
    public byte* Counts { get; } = counts;

    /// <summary>The rows: ushort or int, see <see cref="RowBytes"/>.</summary>
    public byte* Rows { get; } = rows;

    /// <summary>How many active weights there are before each row.</summary>
    public int* Starts { get; } = starts;

    /// <summary>Bytes of a row's number: those of a ushort as long as that holds the number of rows, else those of an int.</summary>
    /// <param name="rows">The number of rows.</param>
    public static int RowBytes(int rows) => rows > ushort.MaxValue ? sizeof(int) : sizeof(ushort);
}
