using System.Runtime.Intrinsics.X86;

namespace KernelGen.Dispatch;

/// <summary>What the processor itself offers, whatever the program was compiled for.</summary>
internal static class Processor
{
    private const int Fma = 1 << 12;
    private const int OsSavesVectors = 1 << 27;
    private const int Avx2 = 1 << 5;
    private const int Avx512 = (1 << 16) | (1 << 17) | (1 << 30) | (1 << 31);

    // Of family 6: Ice Lake, Sapphire Rapids, Emerald Rapids and Granite Rapids.
    private static readonly int[] Xeons = [0x6A, 0x6C, 0x8F, 0xCF, 0xAD, 0xAE];

    // "GenuineIntel", in the order in which CPUID's leaf 0 spells it.
    private static readonly (int Ebx, int Edx, int Ecx) Intel = (0x756E6547, 0x49656E69, 0x6C65746E);

    /// <summary>As which kind of processor the cost model counts this one.</summary>
    public static ProcessorKind Kind { get; } = Read();

    /// <summary>As which kind of processor the cost model counts one: some Xeons by vendor, family and model, all others as Zen 4.</summary>
    /// <param name="ebx">The vendor's first four letters, in CPUID's leaf 0.</param>
    /// <param name="edx">The next four.</param>
    /// <param name="ecx">The last four.</param>
    /// <param name="signature">Family and model, in CPUID's leaf 1: its EAX.</param>
    public static ProcessorKind KindOf(int ebx, int edx, int ecx, int signature)
    {
        var family = (signature >> 8) & 15;
        var model = ((signature >> 4) & 15) | ((signature >> 12) & 0xF0);
        return (ebx, edx, ecx) == Intel && family == 6 && Xeons.Contains(model) ? ProcessorKind.Xeon : ProcessorKind.Zen4;
    }

    /// <summary>
    /// Whether CPUID lists an x64 instruction set that the kernels use: AVX2 with FMA, or AVX-512 F, DQ, BW and VL.
    /// False for every other set, and on other architectures.
    /// </summary>
    /// <param name="instructionSet">The instruction set.</param>
    public static bool Has(InstructionSet instructionSet)
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        var (_, _, basic, _) = X86Base.CpuId(1, 0);
        var (_, extended, _, _) = X86Base.CpuId(7, 0);
        var avx2 = (basic & (Fma | OsSavesVectors)) == (Fma | OsSavesVectors) && (extended & Avx2) == Avx2;
        return instructionSet switch
        {
            InstructionSet.Avx2 => avx2,
            InstructionSet.Avx512 => avx2 && (extended & Avx512) == Avx512,
            _ => false,
        };
    }

    private static ProcessorKind Read()
    {
        if (!X86Base.IsSupported)
        {
            return ProcessorKind.Zen4;
        }

        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        return KindOf(ebx, edx, ecx, X86Base.CpuId(1, 0).Eax);
    }
}
