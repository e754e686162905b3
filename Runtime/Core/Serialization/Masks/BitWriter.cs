namespace KernelGen.Serialization;

/// <summary>Packs bit fields into bytes, the lowest bit first; the last byte is padded with zeros.</summary>
/// <param name="bitCount">Bits that will be written.</param>
internal sealed class BitWriter(long bitCount)
{
    private readonly byte[] _bytes = new byte[(bitCount + 7) / 8];
    private long _position;

    /// <summary>The bytes.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Appends the lowest <paramref name="width"/> bits of <paramref name="value"/>; at most 32.</summary>
    public void Write(uint value, int width)
    {
        for (var left = width; left > 0;)
        {
            var used = (int)(_position & 7);
            var taken = Math.Min(8 - used, left);
            _bytes[_position >> 3] |= (byte)((value & ((1u << taken) - 1)) << used);
            value >>= taken;
            left -= taken;
            _position += taken;
        }
    }

    /// <summary>Appends <paramref name="value"/> ones and a zero.</summary>
    public void WriteUnary(int value)
    {
        for (; value >= 32; value -= 32)
        {
            Write(uint.MaxValue, 32);
        }

        Write((1u << value) - 1, value + 1);
    }
}
