using System.Runtime.Intrinsics.X86;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>What the compiler at run time makes of the kernels on this machine's processor: sums stay in registers, and whole vectors are multiplied.</summary>
public sealed class X64LoopTests
{
    [Fact]
    public async Task Kernels_keep_their_sums_in_registers_and_multiply_whole_vectors()
    {
        Assert.SkipUnless(Avx2.IsSupported && Fma.IsSupported, "This machine has no AVX2.");
        var listing = await Listing.OfTestsHere();
        Listing.AssertSound(Target.Avx2, listing);
        Assert.SkipUnless(Avx512F.IsSupported, "This machine has no AVX-512; what AVX2 takes was read.");
        Listing.AssertSound(Target.Avx512, listing);
    }
}
