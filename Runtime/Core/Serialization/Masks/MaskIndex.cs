namespace KernelGen.Serialization;

/// <summary>
/// A way to write down which cells of a grid are active. The parameters of a format are part of its name, so that the tensor
/// holds nothing but the bits that the format's formula counts.
/// </summary>
internal abstract record MaskIndex
{
    /// <summary>The format and its parameters as they stand in a file.</summary>
    public abstract string Name { get; }

    /// <summary>Bits that a mask takes.</summary>
    public abstract long BitCount(MaskGrid mask);

    /// <summary>Bytes that a mask takes.</summary>
    public long ByteCount(MaskGrid mask) => (BitCount(mask) + 7) / 8;

    /// <summary>Encodes a mask that the format can express.</summary>
    public byte[] Encode(MaskGrid mask)
    {
        var bits = new BitWriter(BitCount(mask));
        Write(mask, bits);
        return bits.Bytes;
    }

    /// <summary>Decodes a mask.</summary>
    /// <param name="data">The tensor.</param>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="count">Active cells that are expected; memory is allocated for no more.</param>
    /// <exception cref="InvalidDataException">The data describes no such mask.</exception>
    public MaskGrid Decode(byte[] data, int rows, int columns, int count)
    {
        var bits = new BitReader(data);
        var positions = Read(bits, rows, columns, count);
        bits.Finish();
        return new MaskGrid(rows, columns, positions);
    }

    public sealed override string ToString() => Name;

    /// <summary>Writes exactly <see cref="BitCount"/> bits.</summary>
    internal abstract void Write(MaskGrid mask, BitWriter bits);

    /// <summary>Reads <paramref name="count"/> ascending positions below rows * columns.</summary>
    internal abstract int[] Read(BitReader bits, int rows, int columns, int count);
}
