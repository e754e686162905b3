using System.Diagnostics;

namespace KernelGen.Benchmarks.Timing;

/// <summary>Times contestants in turns on one thread, so that a machine that drifts favours none.</summary>
internal static class RoundRobin
{
    private const double SliceSeconds = 0.001;

    /// <summary>Seconds of one call: [contestant][round].</summary>
    /// <param name="contestants">What to time; each is warmed up before its first round, and again before each slice.</param>
    /// <param name="rounds">How often each has its turn.</param>
    public static double[][] Measure(IReadOnlyList<Action> contestants, int rounds)
    {
        var repetitions = contestants.Select(Repetitions).ToArray();
        var seconds = contestants.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                // The one before has filled the caches with its own data.
                contestants[i]();
                seconds[i][round] = Time(contestants[i], repetitions[i]) / repetitions[i];
            }
        }

        return seconds;
    }

    /// <summary>How many times as long the first takes as the second: the median of the ratios, round by round.</summary>
    public static double Ratio(double[] first, double[] second) => Median(first.Zip(second, (a, b) => a / b));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Calls that fill a slice, so that the clock's grain doesn't matter.</summary>
    private static int Repetitions(Action action)
    {
        var count = 1;
        while (Time(action, count) < SliceSeconds)
        {
            count *= 2;
        }

        return count;
    }

    private static double Time(Action action, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
