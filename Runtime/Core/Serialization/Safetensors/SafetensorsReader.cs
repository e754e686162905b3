using System.Buffers.Binary;

namespace KernelGen.Serialization;

/// <summary>
/// Reads a safetensors file from front to back, also from a stream that can't seek. What the header claims is believed only as
/// far as data has come: memory grows with what was read.
/// </summary>
internal sealed class SafetensorsReader
{
    /// <summary>Bytes that a header may have.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const int ChunkBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly byte[] _chunk = new byte[ChunkBytes];

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">The header is damaged, or the stream ends in it.</exception>
    public SafetensorsReader(Stream stream)
    {
        _stream = stream;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        Fill(prefix, "its first 8 bytes, which give the length of its header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
        {
            throw new InvalidDataException(
                $"This is no safetensors file: its first 8 bytes claim a header of {length} bytes; {MaxHeaderBytes} are the most.");
        }

        Header = SafetensorsHeader.Parse(ReadGrowing<byte>((long)length, 1, "its header", static (bytes, target) => bytes.CopyTo(target)));
    }

    public SafetensorsHeader Header { get; }

    /// <summary>Reads the next tensor's numbers as floats.</summary>
    public float[] ReadFloats(TensorEntry tensor)
        => ReadGrowing<float>(
            tensor.Count,
            TensorType.SizeOf(tensor.Type),
            $"tensor '{tensor.Name}'",
            (bytes, floats) => TensorType.ToFloats(tensor.Type, bytes, floats));

    /// <summary>Reads the next tensor's bytes.</summary>
    public byte[] ReadBytes(TensorEntry tensor)
        => ReadGrowing<byte>(
            tensor.End - tensor.Start,
            1,
            $"tensor '{tensor.Name}'",
            static (bytes, target) => bytes.CopyTo(target));

    /// <summary>Passes over the next tensor.</summary>
    public void Skip(TensorEntry tensor)
    {
        for (var left = tensor.End - tensor.Start; left > 0; left -= Math.Min(left, ChunkBytes))
        {
            Fill(_chunk.AsSpan(0, (int)Math.Min(left, ChunkBytes)), $"tensor '{tensor.Name}'");
        }
    }

    /// <summary>Checks that the stream ends after the last tensor.</summary>
    public void Finish()
    {
        if (_stream.ReadByte() >= 0)
        {
            throw new InvalidDataException("The safetensors file goes on after its last tensor.");
        }
    }

    private T[] ReadGrowing<T>(long count, int size, string what, Action<ReadOnlySpan<byte>, Span<T>> convert)
    {
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException($"The safetensors file claims {count} elements for {what}: more than an array holds.");
        }

        var step = ChunkBytes / size;
        var result = new T[Math.Min(count, step)];
        for (var done = 0; done < count;)
        {
            if (done == result.Length)
            {
                Array.Resize(ref result, (int)Math.Min(count, 2L * done));
            }

            var target = result.AsSpan(done, Math.Min(step, result.Length - done));
            var bytes = _chunk.AsSpan(0, target.Length * size);
            Fill(bytes, what);
            convert(bytes, target);
            done += target.Length;
        }

        return result;
    }

    private void Fill(Span<byte> target, string what)
    {
        if (_stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new InvalidDataException($"The safetensors file ends in {what}.");
        }
    }
}
