using System.Diagnostics;

namespace KernelGen.Benchmarks;

/// <summary>Times two actions in turns, so that a machine that drifts doesn't favour one.</summary>
internal static class PairedTimer
{
    private const int Rounds = 21;
    private const double SliceMicroseconds = 500;

    /// <summary>How many times as long the first takes as the second: the median of the ratios, round by round.</summary>
    public static double Ratio(Action first, Action second)
    {
        var firstCount = Repetitions(first);
        var secondCount = Repetitions(second);
        var ratios = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            ratios[round] = Time(first, firstCount) / Time(second, secondCount);
        }

        Array.Sort(ratios);
        return ratios[Rounds / 2];
    }

    private static int Repetitions(Action action)
    {
        var count = 1;
        while (Time(action, count) * count < SliceMicroseconds)
        {
            count *= 2;
        }

        return count;
    }

    /// <summary>Microseconds of one call.</summary>
    private static double Time(Action action, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }
}
