using System.Runtime.InteropServices;
using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class CacheSizesTests
{
    [Fact]
    public void The_processor_tells_what_Linux_tells()
    {
        const string Root = "/sys/devices/system/cpu/cpu0/cache";
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "Only x64 processors are asked.");
        Assert.SkipUnless(Directory.Exists(Root), $"This system tells no cache sizes: {Root} is missing.");
        var told = Directory.GetDirectories(Root, "index*")
            .Where(folder => Text(folder, "type") != "Instruction")
            .ToDictionary(folder => Text(folder, "level"), folder => Text(folder, "size"));

        var sizes = CacheSizes.Current;

        foreach (var (level, size) in new[] { ("1", sizes.L1), ("2", sizes.L2), ("3", sizes.L3) })
        {
            Assert.True(!told.TryGetValue(level, out var expected) || expected == $"{size >> 10}K", $"level {level} is {size} bytes, where Linux says {expected}");
        }
    }

    private static string Text(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();
}
