namespace KernelGen.Serialization;

internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> write) => throw new NotSupportedException($"{path} {write}");
}
