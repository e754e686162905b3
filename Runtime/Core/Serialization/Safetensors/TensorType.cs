using System.Buffers.Binary;

namespace KernelGen.Serialization;

/// <summary>The element types of safetensors files.</summary>
internal static class TensorType
{
    public const string Float32 = "F32";
    public const string Byte = "U8";

    /// <summary>Bytes of an element, or 0 for an unknown type.</summary>
    public static int SizeOf(string type) => type switch
    {
        "BOOL" or Byte or "I8" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or Float32 => 4,
        "I64" or "U64" or "F64" => 8,
        _ => type.StartsWith("F8_", StringComparison.Ordinal) ? 1 : 0,
    };

    /// <summary>Whether weights can be read from the type.</summary>
    public static bool IsFloat(string type) => type is Float32 or "F16" or "BF16" or "F64";

    /// <summary>Converts little-endian elements to floats; a 32-bit float keeps every bit.</summary>
    public static void ToFloats(string type, ReadOnlySpan<byte> source, Span<float> floats)
    {
        var size = SizeOf(type);
        for (var i = 0; i < floats.Length; i++)
        {
            var element = source.Slice(i * size, size);
            floats[i] = type switch
            {
                Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
            };
        }
    }
}
