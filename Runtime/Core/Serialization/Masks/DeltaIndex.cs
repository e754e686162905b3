namespace KernelGen.Serialization;

/// <summary>The gaps between active cells in row order, all of one width: ceil(log2 dmax) bits for a largest gap dmax.</summary>
/// <param name="Width">Bits of a gap.</param>
internal sealed record DeltaIndex(int Width) : MaskIndex
{
    public override string Name => $"delta {Width}";

    /// <summary>The narrowest such format for a mask.</summary>
    public static DeltaIndex For(MaskGrid mask)
    {
        var largest = 1L;
        var previous = -1;
        foreach (var position in mask.Positions)
        {
            largest = Math.Max(largest, (long)position - previous);
            previous = position;
        }

        return new DeltaIndex(BitWidth.Of(largest));
    }

    public override long BitCount(MaskGrid mask) => (long)mask.Count * Width;

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var previous = -1;
        foreach (var position in mask.Positions)
        {
            bits.Write((uint)(position - previous - 1), Width);
            previous = position;
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var positions = new int[count];
        var position = -1L;
        for (var i = 0; i < count; i++)
        {
            position += bits.Read(Width) + 1L;
            if (position >= rows * columns)
            {
                throw new InvalidDataException($"cell {position} lies outside the {rows * columns} cells");
            }

            positions[i] = (int)position;
        }

        return positions;
    }
}
