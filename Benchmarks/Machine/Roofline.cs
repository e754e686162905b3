using KernelGen.Benchmarks.Timing;
using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Benchmarks.Machine;

/// <summary>What one thread of this machine can do at most, measured.</summary>
/// <param name="Caches">Bytes of the caches.</param>
/// <param name="Flops">Multiply-adds from registers, times 2, a second.</param>
/// <param name="L1">Bytes a second read from the first-level cache.</param>
/// <param name="L2">Bytes a second read from the second-level cache.</param>
/// <param name="L3">Bytes a second read from the third-level cache.</param>
/// <param name="Memory">Bytes a second read in order from memory.</param>
internal sealed record Roofline(CacheSizes Caches, double Flops, double L1, double L2, double L3, double Memory)
{
    private const int Rounds = 11;
    private const int Iterations = 4096;

    /// <summary>Measures with the vectors of an instruction set; the scalar one is given those of 128 bits.</summary>
    public static Roofline Measure(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Measure<V512>(),
        InstructionSet.Avx2 => Measure<V256>(),
        _ => Measure<V128>(),
    };

    /// <summary>
    /// The least seconds that so much work can take: every byte is read once, from as near as caches filled with these bytes hold it.
    /// </summary>
    public double LeastSeconds(double flops, long bytes) => Math.Max(flops / Flops, SecondsToRead(bytes));

    /// <summary>What bounds that time: arithmetic, or the farthest memory that the bytes reach.</summary>
    public string BoundOf(double flops, long bytes)
        => flops / Flops >= SecondsToRead(bytes) ? "FMA"
            : bytes <= Caches.L1 ? "L1" : bytes <= Caches.L2 ? "L2" : bytes <= Caches.L3 ? "L3" : "memory";

    private static unsafe Roofline Measure<TVector>()
        where TVector : struct, IVector<TVector>
    {
        var caches = CacheSizes.Current;
        // Half of a cache surely stays in it; four times the last one surely doesn't.
        long[] sizes = [caches.L1 / 2, caches.L2 / 2, caches.L3 / 2, Math.Min(4 * caches.L3, 512 << 20)];
        var buffer = AlignedBuffer.OfFloats(sizes.Max() / sizeof(float));
        new Span<float>(buffer.Floats, checked((int)(buffer.Bytes / sizeof(float)))).Fill(1);
        Action Reading(long bytes)
        {
            var count = (nint)(bytes / sizeof(float)) / PeakLoops<TVector>.ReadStep * PeakLoops<TVector>.ReadStep;
            return () => PeakLoops<TVector>.Read(buffer.Floats, count);
        }

        Action[] loops = [() => PeakLoops<TVector>.MultiplyAdds(Iterations), .. sizes.Select(Reading)];
        var seconds = RoundRobin.Measure(loops, Rounds).Select(times => times.Min()).ToArray();
        var flops = 2.0 * TVector.Lanes * 12 * Iterations / seconds[0];
        return new Roofline(
            caches, flops, sizes[0] / seconds[1], sizes[1] / seconds[2], sizes[2] / seconds[3], sizes[3] / seconds[4]);
    }

    private double SecondsToRead(long bytes)
    {
        var seconds = 0.0;
        foreach (var (size, bandwidth) in new[] { (Caches.L1, L1), (Caches.L2, L2), (Caches.L3, L3), (long.MaxValue, Memory) })
        {
            var here = Math.Min(bytes, size);
            seconds += here / bandwidth;
            bytes -= here;
        }

        return seconds;
    }
}
