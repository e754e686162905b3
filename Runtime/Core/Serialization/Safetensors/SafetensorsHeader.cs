using System.Text.Json;

namespace KernelGen.Serialization;

/// <summary>
/// A safetensors header: the tensors in the order of their data, which leaves no holes, and the metadata. Whatever breaks the
/// format is an <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataName = "__metadata__";

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);

    private SafetensorsHeader()
    {
    }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; private set; } = [];

    /// <summary>Parses the JSON text between the length and the data.</summary>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new InvalidDataException("This is no safetensors file: its header doesn't start with '{'.");
        }

        var header = new SafetensorsHeader();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            header.ReadEntries(ref reader);
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader reports text that isn't UTF-8 as an invalid operation.
            throw new InvalidDataException($"The safetensors header is not valid JSON: {e.Message}", e);
        }

        header.Tensors = [.. header._tensors.Values.OrderBy(tensor => tensor.Start).ThenBy(tensor => tensor.End)];
        header.CheckOffsets();
        return header;
    }

    private void ReadEntries(ref Utf8JsonReader reader)
    {
        var hasMetadata = false;
        while (NextName(ref reader) is { } name)
        {
            if (name == MetadataName)
            {
                Require(!hasMetadata, $"has two {MetadataName}");
                hasMetadata = true;
                ReadMetadata(ref reader);
            }
            else
            {
                Require(_tensors.TryAdd(name, ReadTensor(ref reader, name)), $"has two tensors named '{name}'");
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Require(Next(ref reader) == JsonTokenType.StartObject, $"has a {MetadataName} that is no object");
        while (NextName(ref reader) is { } key)
        {
            Require(Next(ref reader) == JsonTokenType.String, $"has metadata '{key}' that is no string");
            Require(_metadata.TryAdd(key, reader.GetString()!), $"has metadata '{key}' twice");
        }
    }

    private static TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Require(Next(ref reader) == JsonTokenType.StartObject, $"describes tensor '{name}' by something other than an object");
        while (NextName(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Require(Next(ref reader) == JsonTokenType.String, $"gives tensor '{name}' a dtype that is no string");
                    type = reader.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                default:
                    var problem = key is "dtype" or "shape" or "data_offsets" ? "twice" : "which is unknown";
                    throw new InvalidDataException($"The safetensors header gives tensor '{name}' '{key}', {problem}.");
            }
        }

        Require(type is not null && shape is not null && offsets is not null, $"lacks dtype, shape or data_offsets of tensor '{name}'");
        Require(TensorType.SizeOf(type!) != 0, $"gives tensor '{name}' the unknown dtype '{type}'");
        Require(offsets!.Count == 2 && offsets[0] <= offsets[1], $"gives tensor '{name}' data_offsets that are no range");

        var entry = new TensorEntry(name, type!, [.. shape!], offsets[0], offsets[1]);
        Require(
            ByteCount(entry) == entry.End - entry.Start,
            $"gives tensor '{name}' of dtype {type} and shape {entry.ShapeText} {entry.End - entry.Start} bytes");
        return entry;
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        Require(Next(ref reader) == JsonTokenType.StartArray, $"gives tensor '{name}' a {key} that is no array");
        var numbers = new List<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            var number = 0L;
            Require(
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number) && number >= 0 && reader.ValueSpan[0] != '-',
                $"gives tensor '{name}' a {key} that holds something other than whole numbers from 0 to 2^63 - 1");
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Bytes that type and shape ask for, or -1 where no 64-bit number holds them.</summary>
    private static long ByteCount(TensorEntry tensor)
    {
        try
        {
            return tensor.Shape.Aggregate((long)TensorType.SizeOf(tensor.Type), (bytes, length) => checked(bytes * length));
        }
        catch (OverflowException)
        {
            return -1;
        }
    }

    private void CheckOffsets()
    {
        var end = 0L;
        foreach (var tensor in Tensors)
        {
            var problem = tensor.Start < end ? "overlaps the tensor before it" : $"leaves {tensor.Start - end} unused bytes before it";
            Require(tensor.Start == end, $"has a tensor '{tensor.Name}' that {problem}");
            end = tensor.End;
        }
    }

    private static string? NextName(ref Utf8JsonReader reader)
        => Next(ref reader) == JsonTokenType.PropertyName ? reader.GetString() : null;

    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType;
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException($"The safetensors header {problem}.");
        }
    }
}
