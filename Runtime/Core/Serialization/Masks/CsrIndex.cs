namespace KernelGen.Serialization;

/// <summary>
/// CSR: first the active cells of every row, then their columns, ceil(log2 columns) bits each. A count lies between 0 and
/// min(m, columns) for m active cells, and takes the bits for that.
/// </summary>
internal sealed record CsrIndex : MaskIndex
{
    public override string Name => "csr";

    public override long BitCount(MaskGrid mask)
        => ((long)mask.Rows * CountWidth(mask.Columns, mask.Count)) + ((long)mask.Count * BitWidth.Of(mask.Columns));

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var counts = new uint[mask.Rows];
        foreach (var position in mask.Positions)
        {
            counts[position / mask.Columns]++;
        }

        var countWidth = CountWidth(mask.Columns, mask.Count);
        foreach (var count in counts)
        {
            bits.Write(count, countWidth);
        }

        var columnWidth = BitWidth.Of(mask.Columns);
        foreach (var position in mask.Positions)
        {
            bits.Write((uint)(position % mask.Columns), columnWidth);
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var countWidth = CountWidth(columns, count);
        var ends = new long[rows];
        var end = 0L;
        for (var row = 0; row < rows; row++)
        {
            end += bits.Read(countWidth);
            ends[row] = end;
        }

        if (end != count)
        {
            throw new InvalidDataException($"the rows hold {end} active cells, not {count}");
        }

        var columnWidth = BitWidth.Of(columns);
        var positions = new int[count];
        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            for (var previous = -1L; next < ends[row]; next++)
            {
                var column = bits.Read(columnWidth);
                if (column <= previous || column >= columns)
                {
                    throw new InvalidDataException($"column {column} follows column {previous} of {columns} in row {row}");
                }

                positions[next] = (row * columns) + (int)column;
                previous = column;
            }
        }

        return positions;
    }

    private static int CountWidth(int columns, int count) => BitWidth.Of(Math.Min(count, columns) + 1L);
}
