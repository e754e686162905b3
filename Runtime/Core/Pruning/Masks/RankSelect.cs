namespace KernelGen.Pruning;

/// <summary>Finds how far down a ranking a number of units or weights reaches, in linear time.</summary>
internal static class RankSelect
{
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;
    private const int KeyBits = 64;

    /// <summary>Radix-selects the key at which a capacity runs out.</summary>
    /// <param name="rankings">Units that compete with each other.</param>
    /// <param name="capacity">What may be kept, at least 0.</param>
    /// <param name="bySize">Whether a unit takes its size of the capacity, or 1.</param>
    /// <returns>
    /// A key such that all units above it fit, but not all at it as well, and the capacity that those above leave. The key is 0
    /// where all units fit.
    /// </returns>
    public static (ulong Key, long Left) Threshold(ReadOnlySpan<UnitRanking> rankings, long capacity, bool bySize)
    {
        Span<long> histogram = stackalloc long[Digits];
        var prefix = 0UL;
        var known = 0UL;
        for (var shift = KeyBits - DigitBits; shift >= 0; shift -= DigitBits)
        {
            histogram.Clear();
            foreach (var ranking in rankings)
            {
                Tally(ranking, bySize, prefix, known, shift, histogram);
            }

            var digit = Digits - 1;
            while (digit >= 0 && histogram[digit] <= capacity)
            {
                capacity -= histogram[digit--];
            }

            if (digit < 0)
            {
                return (0, capacity);
            }

            prefix |= (ulong)digit << shift;
            known |= (ulong)(Digits - 1) << shift;
        }

        return (prefix, capacity);
    }

    /// <summary>Adds up what the units with a prefix take, by the digit that follows.</summary>
    private static void Tally(UnitRanking ranking, bool bySize, ulong prefix, ulong known, int shift, Span<long> histogram)
    {
        var keys = ranking.Keys;
        var sizes = bySize ? ranking.Sizes : default;
        for (var unit = 0; unit < keys.Length; unit++)
        {
            var key = keys[unit];
            if ((key & known) == prefix && key != 0)
            {
                histogram[(int)(key >> shift) & (Digits - 1)] += sizes.IsEmpty ? 1 : sizes[unit];
            }
        }
    }
}
