namespace KernelGen.Dispatch;

/// <summary>Where the latency regime ends and the throughput regime begins.</summary>
internal static class Regimes
{
    /// <summary>
    /// The largest batch that runs sample after sample. A panel kernel's cost hardly changes below one vector of samples, so
    /// the numbers grow with the vector: measured with 1024 x 1024 weights of density 0.1 (<c>Benchmarks -- kernels</c>), a vector of
    /// samples costs as much as 6 single ones on AVX-512, as much as 2.5 on AVX2. NEON was not measured on silicon.
    /// </summary>
    public static int LargestLatencyBatch(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 => 5,
        InstructionSet.Avx2 => 3,
        InstructionSet.Neon => 4,
        _ => 4,
    };
}
