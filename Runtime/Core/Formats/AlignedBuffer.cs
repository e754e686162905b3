using System.Runtime.InteropServices;

namespace KernelGen.Formats;

/// <summary>
/// Memory aligned to 64 bytes that never moves: a pinned managed array, so nothing must be freed. It lives as long
/// as this object: whoever hands its pointer on keeps this object alive.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    public const int Alignment = 64;

    /// <param name="bytes">How many.</param>
    /// <param name="zeroed">Whether they are zero; false where all are written anyway.</param>
    public AlignedBuffer(long bytes, bool zeroed = true)
    {
        Bytes = bytes;
        (var address, Owner) = Allocator?.Invoke(bytes, zeroed) ?? Allocate(bytes, zeroed);
        Pointer = (byte*)address;
    }

    /// <summary>Replaces the allocation, for tests: takes the constructor's arguments, answers the address of the memory and its owner.</summary>
    public static Func<long, bool, (nint Address, object Owner)>? Allocator { get; set; }

    public byte* Pointer { get; }

    public float* Floats => (float*)Pointer;

    public long Bytes { get; }

    /// <summary>What keeps the memory alive.</summary>
    public object Owner { get; }

    /// <summary>A buffer of floats.</summary>
    public static AlignedBuffer OfFloats(long count, bool zeroed = true) => new(checked(count * sizeof(float)), zeroed);

    /// <summary>Gives the memory to whoever next needs as much. It is the caller's to know that nobody has the pointer any more.</summary>
    public void Release()
    {
        if (Owner is CacheLine[] lines)
        {
            ReleasedLines.Add(lines);
        }
    }

    private static (nint Address, object Owner) Allocate(long bytes, bool zeroed)
    {
        // Whole cache lines as elements: an array of bytes would end at 2 GB. One more makes room for the alignment.
        var count = checked((int)((bytes + Alignment - 1) / Alignment) + 1);
        var lines = ReleasedLines.Take(count);
        if (zeroed)
        {
            lines?.AsSpan().Clear();
        }

        lines ??= zeroed ? GC.AllocateArray<CacheLine>(count, pinned: true) : GC.AllocateUninitializedArray<CacheLine>(count, pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(lines, 0);
        return ((address + Alignment - 1) & -Alignment, lines);
    }
}
