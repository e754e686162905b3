using System.Runtime.InteropServices;
using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>
/// Puts every pack and workspace buffer between two pages that can't be touched, flush with one of them, so that one byte beyond
/// ends the process. What needn't be zero holds NaN. Linux only. A buffer whose length is no multiple of 64 loses its alignment where it is flush with its end,
/// which vector loads don't need.
/// </summary>
internal sealed partial class GuardedMemory : IDisposable
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
        var mapping = new Mapping(bytes, side);
        if (!zeroed)
        {
            // NaN, and numbers that point nowhere: whoever asked for memory as it comes must write all of it.
            NativeMemory.Fill((void*)mapping.Address, (nuint)bytes, 0xFF);
        }

        return (mapping.Address, mapping);
    }

    private sealed partial class Mapping
    {
        private readonly nint _start;
        private readonly nint _length;

        public Mapping(long bytes, Side side)
        {
            nint page = Environment.SystemPageSize;
            var usable = ((nint)bytes + page - 1) / page * page;
            _length = usable + (2 * page);
            // PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS.
            _start = Map(0, _length, 3, 0x22, -1, 0);
            if (_start == -1 || Protect(_start, page, 0) != 0 || Protect(_start + page + usable, page, 0) != 0)
            {
                throw new InvalidOperationException($"No guarded memory: error {Marshal.GetLastPInvokeError()}.");
            }

            Address = _start + page + (side == Side.Start ? 0 : usable - (nint)bytes);
        }

        ~Mapping() => _ = Unmap(_start, _length);

        public nint Address { get; }

        [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
        private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
        private static partial int Protect(nint address, nint length, int protection);

        [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
        private static partial int Unmap(nint address, nint length);
    }
}
