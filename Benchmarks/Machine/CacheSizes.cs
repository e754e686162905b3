using System.Globalization;

namespace KernelGen.Benchmarks.Machine;

/// <summary>Bytes of the data caches of the first processor, as Linux tells; common sizes where it doesn't.</summary>
/// <param name="L1">Level 1, data.</param>
/// <param name="L2">Level 2.</param>
/// <param name="L3">Level 3, shared by several processors.</param>
internal sealed record CacheSizes(long L1, long L2, long L3)
{
    public static CacheSizes Read()
    {
        var sizes = new long[] { 0, 32 << 10, 512 << 10, 8 << 20 };
        const string Root = "/sys/devices/system/cpu/cpu0/cache";
        foreach (var folder in Directory.Exists(Root) ? Directory.GetDirectories(Root, "index*") : [])
        {
            var level = int.Parse(Text(folder, "level"), CultureInfo.InvariantCulture);
            if (level <= 3 && Text(folder, "type") != "Instruction")
            {
                sizes[level] = Bytes(Text(folder, "size"));
            }
        }

        return new CacheSizes(sizes[1], sizes[2], sizes[3]);
    }

    private static string Text(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();

    /// <summary>"32K" or "4M".</summary>
    private static long Bytes(string size)
        => long.Parse(size.AsSpan(0, size.Length - 1), CultureInfo.InvariantCulture) * (size[^1] == 'M' ? 1 << 20 : 1 << 10);
}
