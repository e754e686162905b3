namespace KernelGen.Serialization;

/// <summary>COO: the position of every active cell, ceil(log2 n) bits each.</summary>
internal sealed record CoordinateIndex : MaskIndex
{
    public override string Name => "coo";

    public override long BitCount(MaskGrid mask) => (long)mask.Count * BitWidth.Of(mask.Cells);

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var width = BitWidth.Of(mask.Cells);
        foreach (var position in mask.Positions)
        {
            bits.Write((uint)position, width);
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var width = BitWidth.Of((long)rows * columns);
        var positions = new int[count];
        var previous = -1L;
        for (var i = 0; i < count; i++)
        {
            var position = bits.Read(width);
            if (position <= previous || position >= rows * columns)
            {
                throw new InvalidDataException($"cell {position} follows cell {previous} of {rows * columns}");
            }

            positions[i] = (int)position;
            previous = position;
        }

        return positions;
    }
}
