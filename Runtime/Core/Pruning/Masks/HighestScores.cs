using System.Runtime.CompilerServices;

namespace KernelGen.Pruning;

/// <summary>Keeps the places with the highest scores of a stream, of equal scores the first; holds at most twice as many as are wanted.</summary>
/// <param name="count">How many are wanted.</param>
internal sealed class HighestScores(int count)
{
    // A histogram of a digit stays in L1.
    private const int DigitBits = 11;
    private static readonly int[] _shifts = [21, 10, 0];

    private readonly float[] _scores = new float[2 * count];
    private readonly int[] _places = new int[2 * count];
    private readonly int[] _histogram = new int[1 << DigitBits];
    private int _length;

    /// <summary>Scores up to this are out of the race.</summary>
    public float Least { get; private set; } = count > 0 ? float.NegativeInfinity : float.PositiveInfinity;

    /// <summary>Adds a place behind all that were added before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float score, int place)
    {
        if (_length == _scores.Length && score > Least)
        {
            Shrink();
        }

        if (score > Least)
        {
            _scores[_length] = score;
            _places[_length++] = place;
        }
    }

    /// <summary>The places, ascending; fewer than wanted if there weren't as many.</summary>
    public ReadOnlySpan<int> Take()
    {
        if (_length > count)
        {
            Shrink();
        }

        return _places.AsSpan(0, _length);
    }

    /// <summary>Marks the highest scores, of equal ones the first.</summary>
    /// <param name="scores">Scores; NaN is an error.</param>
    /// <param name="count">How many to mark.</param>
    /// <param name="marks">Receives true for each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mark(ReadOnlySpan<float> scores, int count, Span<bool> marks)
    {
        var (threshold, ties) = Threshold(scores, count, new int[1 << DigitBits]);
        for (var i = 0; i < scores.Length; i++)
        {
            var key = Key(scores[i]);
            marks[i] = key > threshold || (key == threshold && ties-- > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shrink()
    {
        var (threshold, ties) = Threshold(_scores.AsSpan(0, _length), count, _histogram);
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            // Written in any case: whether it stays is as good as random, and a branch would be mispredicted.
            var key = Key(_scores[i]);
            _scores[kept] = _scores[i];
            _places[kept] = _places[i];
            kept += key > threshold || (key == threshold && ties-- > 0) ? 1 : 0;
        }

        // What comes later and scores the same ranks behind those that are kept.
        Least = BitConverter.UInt32BitsToSingle((threshold & 0x80000000) != 0 ? threshold ^ 0x80000000 : ~threshold);
        _length = kept;
    }

    /// <summary>The key of the last score that is kept, and how many of that key are: a pass for each digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (uint Key, int Ties) Threshold(ReadOnlySpan<float> scores, int count, int[] histogram)
    {
        if (count >= scores.Length)
        {
            return (0, 0);
        }

        var (known, prefix) = (0u, 0u);
        foreach (var shift in _shifts)
        {
            Array.Clear(histogram);
            foreach (var score in scores)
            {
                var key = Key(score);
                if ((key & known) == prefix)
                {
                    histogram[(key & ~known) >> shift]++;
                }
            }

            prefix |= Last(histogram, ref count) << shift;
            known = ~0u << shift;
        }

        return (prefix, count);
    }

    /// <summary>The digit at which the count runs out; the count is what is left for it.</summary>
    private static uint Last(int[] histogram, ref int count)
    {
        var digit = histogram.Length - 1;
        while (digit > 0 && histogram[digit] <= count)
        {
            count -= histogram[digit--];
        }

        return (uint)digit;
    }

    /// <summary>Orders scores as unsigned numbers above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(float score)
    {
        if (float.IsNaN(score))
        {
            ThrowNaN();
        }

        // Adding 0 makes -0 and +0 equal. Negative numbers order backwards by their bits.
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return bits ^ ((uint)((int)bits >> 31) | 0x80000000);
    }

    private static void ThrowNaN() => throw new ArgumentException("A score is NaN; it cannot be ranked.");
}
