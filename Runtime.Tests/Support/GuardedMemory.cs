using System.Runtime.InteropServices;
using KernelGen.Formats;

namespace KernelGen.Runtime.Tests;

/// <summary>
/// Makes every pack and workspace buffer end exactly at a page that can't be touched, so that one byte beyond ends the process.
/// Linux only. A buffer whose length is no multiple of 64 loses its alignment, which vector loads don't need.
/// </summary>
internal sealed partial class GuardedMemory : IDisposable
{
    private GuardedMemory() => AlignedBuffer.Allocator = Allocate;

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Guards all buffers allocated until the result is disposed.</summary>
    public static GuardedMemory Install() => new();

    public void Dispose() => AlignedBuffer.Allocator = null;

    private static (nint Address, object Owner) Allocate(long bytes)
    {
        var mapping = new Mapping(bytes);
        return (mapping.Address, mapping);
    }

    private sealed partial class Mapping
    {
        private readonly nint _start;
        private readonly nint _length;

        public Mapping(long bytes)
        {
            nint page = Environment.SystemPageSize;
            var usable = ((nint)bytes + page - 1) / page * page;
            _length = usable + page;
            // PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS.
            _start = Map(0, _length, 3, 0x22, -1, 0);
            if (_start == -1 || Protect(_start + usable, page, 0) != 0)
            {
                throw new InvalidOperationException($"No guarded memory: error {Marshal.GetLastPInvokeError()}.");
            }

            Address = _start + usable - (nint)bytes;
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
