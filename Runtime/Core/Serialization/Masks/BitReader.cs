namespace KernelGen.Serialization;

/// <summary>Reads what <see cref="BitWriter"/> wrote; what doesn't fit is an <see cref="InvalidDataException"/>.</summary>
internal sealed class BitReader(byte[] bytes)
{
    private readonly long _end = 8L * bytes.Length;
    private long _position;

    /// <summary>Reads <paramref name="width"/> bits; at most 32.</summary>
    public uint Read(int width)
    {
        if (width > _end - _position)
        {
            throw new InvalidDataException("the tensor ends early");
        }

        var value = 0u;
        for (var done = 0; done < width;)
        {
            var used = (int)(_position & 7);
            var taken = Math.Min(8 - used, width - done);
            value |= (((uint)bytes[_position >> 3] >> used) & ((1u << taken) - 1)) << done;
            done += taken;
            _position += taken;
        }

        return value;
    }

    /// <summary>Counts ones up to the next zero.</summary>
    public long ReadUnary()
    {
        var ones = 0L;
        while (Read(1) != 0)
        {
            ones++;
        }

        return ones;
    }

    /// <summary>Checks that nothing but zero padding of the last byte is left.</summary>
    public void Finish()
    {
        var left = _end - _position;
        if (left >= 8)
        {
            throw new InvalidDataException($"the tensor is {left / 8} bytes too long");
        }

        if (Read((int)left) != 0)
        {
            throw new InvalidDataException("the padding bits are not zero");
        }
    }
}
