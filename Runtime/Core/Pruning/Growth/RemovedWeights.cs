using System.Runtime.CompilerServices;

namespace KernelGen.Pruning;

/// <summary>Chooses the active weights that make way for others.</summary>
internal static class RemovedWeights
{
    private const int DigitBits = 16;
    private const uint LastDigit = (1 << DigitBits) - 1;
    private const uint Sign = 1u << 31;

    /// <summary>Marks weights.</summary>
    /// <param name="values">The active weights.</param>
    /// <param name="count">How many go.</param>
    /// <param name="removal">Which.</param>
    /// <returns>True for each that goes; of equal ones the first.</returns>
    /// <exception cref="ArgumentException">A weight is NaN.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool[] Mark(ReadOnlySpan<float> values, int count, Removal removal)
    {
        // Bits order numbers of one sign by how far they are from 0. Without signs all are positive.
        var kept = removal == Removal.SmallestOfEachSign ? uint.MaxValue : ~Sign;
        using var upper = new DigitHistogram();
        var (negative, isNaN) = (0, false);
        foreach (var value in values)
        {
            upper.Add(Key(value, kept) >> DigitBits);
            negative += value < 0 ? 1 : 0;
            isNaN |= float.IsNaN(value);
        }

        if (isNaN)
        {
            throw new ArgumentException("A weight is NaN; it cannot be ranked.");
        }

        var below = removal == Removal.SmallestOfEachSign ? (int)Count.Nearest((double)count * negative / Math.Max(1, values.Length)) : 0;
        var above = count - below;
        var (highAbove, highBelow) = (upper.First(0, (Sign >> DigitBits) - 1, ref above), upper.First(Sign >> DigitBits, LastDigit, ref below));
        using var lowerAbove = new DigitHistogram();
        using var lowerBelow = new DigitHistogram();
        foreach (var value in values)
        {
            var key = Key(value, kept);
            if (key >> DigitBits == highAbove)
            {
                lowerAbove.Add(key & LastDigit);
            }
            else if (key >> DigitBits == highBelow)
            {
                lowerBelow.Add(key & LastDigit);
            }
        }

        var lastAbove = (highAbove << DigitBits) | lowerAbove.First(0, LastDigit, ref above);
        var lastBelow = (highBelow << DigitBits) | lowerBelow.First(0, LastDigit, ref below);
        var marks = GC.AllocateUninitializedArray<bool>(values.Length);
        for (var i = 0; i < marks.Length; i++)
        {
            // Signs are as good as random: a branch would be mispredicted.
            var key = Key(values[i], kept);
            var last = lastAbove + ((key >> 31) * (lastBelow - lastAbove));
            marks[i] = key < last;
            if (key == last)
            {
                marks[i] = (key < Sign ? above-- : below--) > 0;
            }
        }

        return marks;
    }

    // Adding 0 makes -0 and +0 equal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(float value, uint kept) => BitConverter.SingleToUInt32Bits(value + 0f) & kept;
}
