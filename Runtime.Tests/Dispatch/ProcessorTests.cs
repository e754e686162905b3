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

    /// <summary>The registers as CPUID gives them, and what they spell.</summary>
    [Theory]
    [InlineData("GenuineIntel", true)]
    [InlineData("AuthenticAMD", false)]
    [InlineData("HygonGenuine", false)]
    [InlineData("GenuineIotel", false)]
    [InlineData("IntelGenuine", false)]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", false)]
    public void Intels_are_known_by_their_vendor_and_all_others_count_as_Zen_4(string vendor, bool isIntel)
    {
        var letters = Encoding.ASCII.GetBytes(vendor);
        int Register(int index) => BinaryPrimitives.ReadInt32LittleEndian(letters.AsSpan(4 * index));

        Assert.Equal(isIntel ? ProcessorKind.Intel : ProcessorKind.Zen4, Processor.KindOf(ebx: Register(0), edx: Register(1), ecx: Register(2)));
    }

    [Fact]
    public void The_kind_is_that_of_the_vendor_that_Linux_lists()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "Linux only.");
        var vendor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("vendor_id", StringComparison.Ordinal));
        Assert.SkipWhen(vendor is null, "Another architecture.");

        Assert.Equal(vendor!.EndsWith("GenuineIntel", StringComparison.Ordinal) ? ProcessorKind.Intel : ProcessorKind.Zen4, Processor.Kind);
    }

    [Theory]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Neon)]
    public void Only_sets_of_x64_are_asked_for(InstructionSet instructionSet) => Assert.False(Processor.Has(instructionSet));
}
