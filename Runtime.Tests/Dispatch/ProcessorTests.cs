using System.Buffers.Binary;
using System.Text;
using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class ProcessorTests
{
    [Theory]
    [InlineData(InstructionSet.Avx2, "avx2", "fma")]
    [InlineData(InstructionSet.Avx512, "avx512f", "avx512bw", "avx512dq", "avx512vl")]
    public void The_processor_has_what_the_kernel_of_Linux_lists(InstructionSet instructionSet, params string[] flags)
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "Linux only.");
        var listed = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        Assert.SkipWhen(listed is null, "Another architecture.");

        Assert.Equal(flags.All(listed!.Split(' ').Contains), Processor.Has(instructionSet));
    }

    [Theory]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Avx512)]
    public void What_the_process_uses_the_processor_has(InstructionSet instructionSet)
        => Assert.True(!Isa.IsSupported(instructionSet) || Processor.Has(instructionSet));

    /// <summary>The registers as CPUID gives them: what spells the vendor, and signatures of real processors.</summary>
    [Theory]
    [InlineData("GenuineIntel", 0x000C06F2, true)] // Emerald Rapids
    [InlineData("GenuineIntel", 0x000806F8, true)] // Sapphire Rapids
    [InlineData("GenuineIntel", 0x000606A6, true)] // Ice Lake of servers
    [InlineData("GenuineIntel", 0x00050657, false)] // Cascade Lake: some have one unit of 512 bits
    [InlineData("GenuineIntel", 0x000A0671, false)] // Rocket Lake
    [InlineData("GenuineIntel", 0x000C0652, false)] // Arrow Lake: the model of family 6 that ends in the same digit
    [InlineData("GenuineIntel", 0x00000F65, false)] // Pentium 4: another family
    [InlineData("AuthenticAMD", 0x00A10F11, false)] // Zen 4
    [InlineData("AuthenticAMD", 0x000C06F2, false)]
    [InlineData("HygonGenuine", 0x000C06F2, false)]
    [InlineData("GenuineIotel", 0x000C06F2, false)]
    [InlineData("IntelGenuine", 0x000C06F2, false)]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", 0, false)]
    public void Some_Xeons_are_known_and_all_others_count_as_Zen_4(string vendor, int signature, bool isXeon)
    {
        var letters = Encoding.ASCII.GetBytes(vendor);
        int Register(int index) => BinaryPrimitives.ReadInt32LittleEndian(letters.AsSpan(4 * index));

        Assert.Equal(isXeon ? ProcessorKind.Xeon : ProcessorKind.Zen4, Processor.KindOf(ebx: Register(0), edx: Register(1), ecx: Register(2), signature));
    }

    [Fact]
    public void The_kind_is_that_of_the_processor_that_Linux_lists()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "Linux only.");
        var listed = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).Select(line => line.Split(':')).ToDictionary(line => line[0].Trim(), line => line[^1].Trim());
        Assert.SkipUnless(listed.ContainsKey("vendor_id"), "Another architecture.");
        var isXeon = listed["vendor_id"] == "GenuineIntel" && listed["cpu family"] == "6" && listed["model"] is "106" or "108" or "143" or "173" or "174" or "207";

        Assert.Equal(isXeon ? ProcessorKind.Xeon : ProcessorKind.Zen4, Processor.Kind);
    }

    [Theory]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Neon)]
    public void Only_sets_of_x64_are_asked_for(InstructionSet instructionSet) => Assert.False(Processor.Has(instructionSet));
}
