namespace KernelGen.Serialization;

/// <summary>
/// The gaps between active cells in row order as Rice codes: the bits above <see cref="LowBits"/> as that many ones and a zero,
/// then the low bits. For masks without structure it comes within a few percent of the entropy (Rice and Plaunt 1971).
/// </summary>
/// <param name="LowBits">Bits of a gap that are written as they are.</param>
internal sealed record RiceIndex(int LowBits) : MaskIndex
{
    public override string Name => $"rice {LowBits}";

    /// <summary>The shortest such format for a mask.</summary>
    public static RiceIndex For(MaskGrid mask)
    {
        // The length is convex in the number of low bits: the first that doesn't gain ends the search.
        var best = new RiceIndex(0);
        for (var length = best.BitCount(mask); ;)
        {
            var next = new RiceIndex(best.LowBits + 1);
            var nextLength = next.BitCount(mask);
            if (nextLength >= length)
            {
                return best;
            }

            (best, length) = (next, nextLength);
        }
    }

    public override long BitCount(MaskGrid mask)
    {
        var length = mask.Count * (1L + LowBits);
        var previous = -1;
        foreach (var position in mask.Positions)
        {
            length += (position - previous - 1) >> LowBits;
            previous = position;
        }

        return length;
    }

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var previous = -1;
        foreach (var position in mask.Positions)
        {
            var skipped = position - previous - 1;
            bits.WriteUnary(skipped >> LowBits);
            bits.Write((uint)skipped, LowBits);
            previous = position;
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var positions = new int[count];
        var position = -1L;
        for (var i = 0; i < count; i++)
        {
            var high = bits.ReadUnary();
            position += (Math.Min(high, int.MaxValue) << LowBits) + bits.Read(LowBits) + 1L;
            if (position >= rows * columns)
            {
                throw new InvalidDataException($"cell {position} lies outside the {rows * columns} cells");
            }

            positions[i] = (int)position;
        }

        return positions;
    }
}
