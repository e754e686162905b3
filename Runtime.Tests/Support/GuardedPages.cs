using System.Runtime.InteropServices;

namespace KernelGen.Runtime.Tests;

/// <summary>
/// Memory of zeros between two pages that can't be touched, flush with one of them, so that one byte beyond ends the process. Linux only. It lives as long as this
/// object.
/// </summary>
internal sealed partial class GuardedPages
{
    private readonly nint _start;
    private readonly nint _length;

    /// <param name="bytes">How many.</param>
    /// <param name="isFlushWithEnd">Whether the guard follows the last byte; else it precedes the first.</param>
    public GuardedPages(long bytes, bool isFlushWithEnd)
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

        Address = _start + page + (isFlushWithEnd ? usable - (nint)bytes : 0);
    }

    ~GuardedPages() => _ = Unmap(_start, _length);

    public nint Address { get; }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nint length);
}
