using System.Runtime.InteropServices;
using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>
/// Puts every pack and workspace buffer between two pages that can't be touched, flush with one of them, so that one byte beyond
/// ends the process. What needn't be zero holds NaN. Linux only. A buffer whose length is no multiple of 64 loses its alignment where it is flush with its end,
/// which vector loads don't need.
/// </summary>
internal sealed class GuardedMemory : IDisposable
{
    private GuardedMemory(Side side) => AlignedBuffer.Allocator = (bytes, zeroed) => Allocate(bytes, zeroed, side);

    /// <summary>Where a buffer touches its guard.</summary>
    public enum Side
    {
        /// <summary>A read or write behind it fails.</summary>
        End,

        /// <summary>A read or write in front of it fails.</summary>
        Start,
    }

    private static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Guards all buffers allocated until the result is disposed; null where that isn't supported.</summary>
    public static GuardedMemory? Install(Side side) => IsSupported ? new(side) : null;

    public void Dispose() => AlignedBuffer.Allocator = null;

    private static unsafe (nint Address, object Owner) Allocate(long bytes, bool zeroed, Side side)
    {
        var pages = new GuardedPages(bytes, side == Side.End);
        if (!zeroed)
        {
            // NaN, and numbers that point nowhere: whoever asked for memory as it comes must write all of it.
            NativeMemory.Fill((void*)pages.Address, (nuint)bytes, 0xFF);
        }

        return (pages.Address, pages);
    }
}
