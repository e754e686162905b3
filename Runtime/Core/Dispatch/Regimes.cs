namespace KernelGen.Dispatch;

/// <summary>Where the latency regime ends and the throughput regime begins.</summary>
internal static class Regimes
{
    /// <summary>
    /// The largest batch that runs sample after sample. A panel kernel's cost hardly changes below one vector of samples, so
    /// the numbers grow with the vector.
    /// </summary>
    public static int LargestLatencyBatch(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 => 8,
        InstructionSet.Avx2 => 6,
        InstructionSet.Neon => 4,
        _ => 4,
    };
}
