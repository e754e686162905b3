using System.Buffers.Binary;
using System.Text;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>safetensors files put together by hand, without the writer under test.</summary>
internal static class RawFile
{
    public static byte[] Make(string header, byte[]? data = null) => Make(Encoding.UTF8.GetBytes(header), data ?? []);

    public static byte[] Make(byte[] header, byte[] data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }

    /// <summary>A file of tensors back to back, as a plain exporter writes it; metadata is the inside of a JSON object.</summary>
    public static byte[] Make(string metadata, params (string Name, string Type, string Shape, byte[] Data)[] tensors)
    {
        var entries = new List<string>();
        if (metadata.Length > 0)
        {
            entries.Add($"\"__metadata__\":{{{metadata}}}");
        }

        var offset = 0;
        foreach (var (name, type, shape, data) in tensors)
        {
            entries.Add(
                $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{offset},{offset + data.Length}]}}");
            offset += data.Length;
        }

        return Make($"{{{string.Join(',', entries)}}}", [.. tensors.SelectMany(tensor => tensor.Data)]);
    }

    public static byte[] Float32(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Float64(params double[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Float16(params float[] numbers) => [.. numbers.SelectMany(number => BitConverter.GetBytes((Half)number))];

    /// <summary>The upper half of each float: right for numbers of at most 8 significant bits.</summary>
    public static byte[] BFloat16(params float[] numbers)
        => [.. numbers.SelectMany(number => BitConverter.GetBytes(number).Skip(2))];
}
