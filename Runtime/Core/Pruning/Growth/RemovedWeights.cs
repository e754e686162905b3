using System.Runtime.CompilerServices;

namespace KernelGen.Pruning;

/// <summary>Chooses the active weights that make way for others.</summary>
internal static class RemovedWeights
{
    /// <summary>Marks weights.</summary>
    /// <param name="values">The active weights.</param>
    /// <param name="count">How many go.</param>
    /// <param name="removal">Which.</param>
    /// <returns>True for each that goes; of equal ones the first.</returns>
    /// <exception cref="ArgumentException">A weight is NaN.</exception>
    public static bool[] Mark(ReadOnlySpan<float> values, int count, Removal removal)
    {
        if (removal == Removal.Smallest)
        {
            return Nearest(values, count, sign: 0);
        }

        var negative = 0;
        foreach (var value in values)
        {
            negative += value < 0 ? 1 : 0;
        }

        var below = (int)Count.Nearest((double)count * negative / Math.Max(1, values.Length));
        var marks = Nearest(values, count - below, sign: 1);
        var others = Nearest(values, below, sign: -1);
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] |= others[i];
        }

        return marks;
    }

    // Those nearest to 0 of one sign, or of both.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool[] Nearest(ReadOnlySpan<float> values, int count, int sign)
    {
        var scores = new float[values.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var isOther = sign != 0 && (values[i] < 0) != (sign < 0);
            scores[i] = isOther ? float.NegativeInfinity : -MathF.Abs(values[i]);
        }

        var marks = new bool[scores.Length];
        HighestScores.Mark(scores, count, marks);
        return marks;
    }
}
