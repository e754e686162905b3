namespace KernelGen.Serialization;

/// <summary>One bit for each of the n cells.</summary>
internal sealed record BitmapIndex : MaskIndex
{
    public override string Name => "bitmap";

    public override long BitCount(MaskGrid mask) => mask.Cells;

    internal override void Write(MaskGrid mask, BitWriter bits)
    {
        var next = 0;
        for (var cell = 0; cell < mask.Cells; cell++)
        {
            var active = next < mask.Count && mask.Positions[next] == cell;
            bits.Write(active ? 1u : 0, 1);
            next += active ? 1 : 0;
        }
    }

    internal override int[] Read(BitReader bits, int rows, int columns, int count)
    {
        var positions = new int[count];
        var next = 0;
        for (var cell = 0; cell < rows * columns; cell++)
        {
            if (bits.Read(1) != 0)
            {
                if (next == count)
                {
                    throw new InvalidDataException($"more than {count} cells are active");
                }

                positions[next++] = cell;
            }
        }

        return next == count ? positions : throw new InvalidDataException($"{next} cells are active, not {count}");
    }
}
