using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace KernelGen.Serialization;

/// <summary>
/// Writes a safetensors file whose bytes depend on its content alone: metadata in ordinal order, then tensors, wider elements
/// first and names in ordinal order. The data starts at a multiple of 8, so every element is aligned to its size.
/// </summary>
internal sealed class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int ChunkFloats = 1 << 14;

    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Type, int[] Shape, Action<Stream> Write)> _tensors = [];

    public void AddMetadata(string key, string value) => _metadata.Add(key, value);

    /// <summary>Adds a tensor of 32-bit floats; the writer is given the numbers when their turn comes.</summary>
    public void Add(string name, Func<ReadOnlySpan<float>> floats, params int[] shape)
        => _tensors.Add((name, TensorType.Float32, shape, stream => WriteFloats(stream, floats())));

    /// <summary>Adds a tensor of bytes.</summary>
    public void Add(string name, byte[] bytes)
        => _tensors.Add((name, TensorType.Byte, [bytes.Length], stream => stream.Write(bytes)));

    public void WriteTo(Stream stream)
    {
        _tensors.Sort(static (a, b) =>
        {
            var width = TensorType.SizeOf(b.Type).CompareTo(TensorType.SizeOf(a.Type));
            return width != 0 ? width : string.CompareOrdinal(a.Name, b.Name);
        });
        WriteHeader(stream);
        foreach (var tensor in _tensors)
        {
            tensor.Write(stream);
        }
    }

    private void WriteHeader(Stream stream)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataName);
            foreach (var (key, value) in _metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, type, shape, _) in _tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var length in shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += shape.Aggregate((long)TensorType.SizeOf(type), static (size, length) => size * length);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The length takes 8 bytes itself.
        var padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)buffer.WrittenCount);
        stream.Write(prefix);
        stream.Write(buffer.WrittenSpan);
    }

    private static void WriteFloats(Stream stream, ReadOnlySpan<float> floats)
    {
        var buffer = new byte[Math.Min(floats.Length, ChunkFloats) * sizeof(float)];
        while (!floats.IsEmpty)
        {
            var count = Math.Min(floats.Length, ChunkFloats);
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(buffer.AsSpan(i * sizeof(float)), floats[i]);
            }

            stream.Write(buffer, 0, count * sizeof(float));
            floats = floats[count..];
        }
    }
}
