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

    [Theory]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Neon)]
    public void Only_sets_of_x64_are_asked_for(InstructionSet instructionSet) => Assert.False(Processor.Has(instructionSet));
}
