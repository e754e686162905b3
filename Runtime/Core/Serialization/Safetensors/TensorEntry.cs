namespace KernelGen.Serialization;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its element type, such as F32.</param>
/// <param name="Shape">Its shape; empty for a single number.</param>
/// <param name="Start">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record TensorEntry(string Name, string Type, long[] Shape, long Start, long End)
{
    /// <summary>Elements.</summary>
    public long Count => (End - Start) / TensorType.SizeOf(Type);

    /// <summary>The shape as people write it, such as [300, 784].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
