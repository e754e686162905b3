namespace KernelGen.Dispatch;

/// <summary>Where the latency regime ends and the throughput regime begins.</summary>
internal static class Regimes
{
    /// <summary>From so many samples on a panel always runs: every instruction set's vectors are full.</summary>
    private const int PanelBatch = 16;

    /// <summary>
    /// What few samples cost of a panel in pairs of rows, beside their share of its vectors, since fewer share each weight and offset: measured 1.3 to 1.45
    /// with 1024 x 1024 weights of density 0.1 and 0.5 on AVX-512 (<c>Benchmarks -- kernels</c>). Tiles cost their share.
    /// </summary>
    private const double FewSamples = 1.4;

    /// <summary>Whether a batch runs sample after sample: where that is estimated to take less time than the vectors of a panel that it fills.</summary>
    public static bool RunsOneByOne(LayerState?[] states, InstructionSet set, int batch)
    {
        if (batch == 1 || batch >= PanelBatch)
        {
            return batch == 1;
        }

        double sample = 0, panel = 0;
        foreach (var state in states)
        {
            var cycles = state!.Cycles(set);
            sample += cycles.Sample;
            panel += cycles.PanelIsPairs ? FewSamples * cycles.Panel : cycles.Panel;
        }

        var lanes = Lanes(set);
        var filled = (batch + lanes - 1) / lanes * lanes;
        return batch * sample < panel * filled / Panel.Width(set);
    }

    private static int Lanes(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => 16,
        InstructionSet.Avx2 => 8,
        InstructionSet.Neon => 4,
        _ => 1,
    };
}

/// <summary>What a layer is estimated to take in its two regimes.</summary>
/// <param name="Sample">Cycles of a sample alone.</param>
/// <param name="Panel">Cycles of a whole panel.</param>
/// <param name="PanelIsPairs">Whether that runs in pairs of rows.</param>
internal sealed record RegimeCycles(double Sample, double Panel, bool PanelIsPairs);
