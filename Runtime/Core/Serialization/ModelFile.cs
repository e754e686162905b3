using KernelGen.Formats;

namespace KernelGen.Serialization;

internal static class ModelFile
{
    public static IReadOnlyList<(SparseMatrix Weights, float[] Bias)> Read(
        Stream stream, ModelDescriptor model, IReadOnlyDictionary<string, string>? names)
        => throw new NotSupportedException($"{stream} {model} {names}");

    public static void Write(Stream stream, ModelDescriptor model, IReadOnlyList<(SparseMatrix Weights, float[] Bias)> layers)
        => throw new NotSupportedException($"{stream} {model} {layers}");
}
