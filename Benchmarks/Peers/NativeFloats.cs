using KernelGen.Formats;

namespace KernelGen.Benchmarks.Peers;

/// <summary>Floats at a fixed, aligned address, for native code.</summary>
internal sealed unsafe class NativeFloats
{
    private readonly AlignedBuffer _buffer;
    private readonly int _count;

    public NativeFloats(int count)
    {
        _count = count;
        _buffer = AlignedBuffer.OfFloats(count);
    }

    public NativeFloats(ReadOnlySpan<float> values)
        : this(values.Length)
        => values.CopyTo(Span);

    public float* Pointer => _buffer.Floats;

    public Span<float> Span => new(_buffer.Floats, _count);
}
