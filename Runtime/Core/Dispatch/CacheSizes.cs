using System.Runtime.Intrinsics.X86;

namespace KernelGen.Dispatch;

/// <summary>Bytes of the processor's data caches, as it tells; common sizes where it doesn't.</summary>
/// <param name="L1">Level 1, data.</param>
/// <param name="L2">Level 2.</param>
/// <param name="L3">Level 3, shared by several processors.</param>
internal sealed record CacheSizes(long L1, long L2, long L3)
{
    // The leaves of CPUID that list caches: Intel's and AMD's.
    private const int IntelLeaf = 4;
    private const int AmdLeaf = unchecked((int)0x8000001D);

    public static CacheSizes Current { get; } = Read();

    private static CacheSizes Read()
    {
        var sizes = new long[] { 0, 32 << 10, 1 << 20, 16 << 20 };
        if (X86Base.IsSupported && !ReadLeaf(IntelLeaf, sizes) && unchecked((uint)X86Base.CpuId(1 << 31, 0).Eax) >= unchecked((uint)AmdLeaf))
        {
            ReadLeaf(AmdLeaf, sizes);
        }

        return new CacheSizes(sizes[1], sizes[2], sizes[3]);
    }

    private static bool ReadLeaf(int leaf, long[] sizes)
    {
        const int Instructions = 2;
        var found = false;
        for (var cache = 0; ; cache++)
        {
            var (eax, ebx, ecx, _) = X86Base.CpuId(leaf, cache);
            var (type, level) = (eax & 31, (eax >> 5) & 7);
            if (type == 0 || cache == 16)
            {
                return found;
            }

            if (type != Instructions && level < sizes.Length)
            {
                // Ways, partitions, the line's bytes and sets, each less one.
                sizes[level] = (((long)(ebx >> 22) & 0x3FF) + 1) * (((ebx >> 12) & 0x3FF) + 1) * ((ebx & 0xFFF) + 1) * (ecx + 1L);
                found = true;
            }
        }
    }
}
