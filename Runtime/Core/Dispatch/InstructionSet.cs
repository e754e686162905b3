namespace KernelGen;

/// <summary>The instruction sets that kernels are emitted for.</summary>
public enum InstructionSet
{
    /// <summary>Portable C#, on every machine.</summary>
    Scalar,

    /// <summary>Arm AdvSimd (NEON), 128-bit vectors.</summary>
    Neon,

    /// <summary>x64 AVX2 with FMA, 256-bit vectors.</summary>
    Avx2,

    /// <summary>x64 AVX-512 (F, BW, DQ, VL), 512-bit vectors.</summary>
    Avx512,
}
