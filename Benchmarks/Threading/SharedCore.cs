using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Timing;

namespace KernelGen.Benchmarks.Threading;

/// <summary>How much busy threads slow each other where they touch no memory: by nothing, unless processors share a core.</summary>
internal static class SharedCore
{
    private const int Iterations = 4096;

    /// <summary>How many times as long multiply-adds from registers take while a second thread does the same.</summary>
    public static double Slowdown(int rounds)
    {
        Action loop = Isa.Current switch
        {
            InstructionSet.Avx512 => () => PeakLoops<V512>.MultiplyAdds(Iterations),
            InstructionSet.Avx2 => () => PeakLoops<V256>.MultiplyAdds(Iterations),
            _ => () => PeakLoops<V128>.MultiplyAdds(Iterations),
        };
        using var busy = new ManualResetEventSlim();
        var done = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                busy.Wait();
                loop();
            }
        });
        other.Start();
        var seconds = RoundRobin.Measure(
            [
                () =>
                {
                    busy.Reset();
                    loop();
                },
                () =>
                {
                    busy.Set();
                    loop();
                },
            ],
            rounds);
        Volatile.Write(ref done, true);
        busy.Set();
        other.Join();
        return RoundRobin.Ratio(seconds[1], seconds[0]);
    }
}
