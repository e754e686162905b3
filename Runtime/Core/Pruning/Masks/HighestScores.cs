using System.Runtime.CompilerServices;

namespace KernelGen.Pruning;

/// <summary>Keeps the places with the highest scores of a stream, of equal scores the first; holds at most twice as many as are wanted.</summary>
/// <param name="count">How many are wanted.</param>
internal sealed class HighestScores(int count)
{
    private const int DigitBits = 16;

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
            ShrinkToCount();
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

    /// <summary>Makes room: drops what is out of the race by its upper digit alone, and only where that doesn't tell enough apart, by all of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shrink()
    {
        var left = count;
        Keep(UpperDigit(_scores.AsSpan(0, _length), _histogram, ref left) << DigitBits, int.MaxValue);
        if (_length - count > count / 2)
        {
            ShrinkToCount();
        }
    }

    private void ShrinkToCount()
    {
        var (threshold, ties) = Threshold(_scores.AsSpan(0, _length), count, _histogram);
        Keep(threshold, ties);

        // What comes later and scores the same ranks behind those that are kept.
        Least = Score(threshold);
    }

    /// <summary>Keeps the keys above a threshold, and so many that equal it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(uint threshold, int ties)
    {
        var kept = 0;
        for (var i = 0; i < _length; i++)
        {
            // Written in any case: whether it stays is as good as random, and a branch would be mispredicted.
            var key = Key(_scores[i]);
            _scores[kept] = _scores[i];
            _places[kept] = _places[i];
            kept += key > threshold || (key == threshold && ties-- > 0) ? 1 : 0;
        }

        _length = kept;
        Least = Score(threshold - 1);
    }

    /// <summary>The key of the last score that is kept, and how many of that key are: two passes over digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (uint Key, int Ties) Threshold(ReadOnlySpan<float> scores, int count, int[] histogram)
    {
        if (count >= scores.Length)
        {
            return (0, 0);
        }

        var high = UpperDigit(scores, histogram, ref count);
        Array.Clear(histogram);
        foreach (var score in scores)
        {
            var key = Key(score);
            if (key >> DigitBits == high)
            {
                histogram[key & ((1 << DigitBits) - 1)]++;
            }
        }

        return ((high << DigitBits) | Last(histogram, ref count), count);
    }

    /// <summary>The upper digit of the last score that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint UpperDigit(ReadOnlySpan<float> scores, int[] histogram, ref int count)
    {
        Array.Clear(histogram);
        foreach (var score in scores)
        {
            histogram[Key(score) >> DigitBits]++;
        }

        return Last(histogram, ref count);
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

    /// <summary>The score of a key.</summary>
    private static float Score(uint key) => BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key ^ 0x80000000 : ~key);

    private static void ThrowNaN() => throw new ArgumentException("A score is NaN; it cannot be ranked.");
}
