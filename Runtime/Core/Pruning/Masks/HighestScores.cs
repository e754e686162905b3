using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Pruning;

/// <summary>Keeps the places with the highest scores of a stream, of equal scores the first; holds little more than twice as many as are wanted.</summary>
internal sealed class HighestScores : IDisposable
{
    private const int DigitBits = 16;

    // Scores that are added between two looks at the room, and what whole vectors write beyond those that count.
    private const int Run = 512;
    private const int Slack = 16;

    // Pooled: fresh memory costs more than what is done with it.
    private readonly float[] _scores;
    private readonly int[] _places;
    private readonly int _count;
    private readonly int _room;
    private int _length;

    // Scores up to this are out of the race.
    private float _least = float.NegativeInfinity;

    /// <param name="count">How many are wanted.</param>
    /// <exception cref="NotSupportedException">No array holds as many.</exception>
    public HighestScores(int count)
    {
        _count = count;
        _room = RoomFor(count);
        _scores = ArrayPool<float>.Shared.Rent(_room + Run + Slack);
        _places = ArrayPool<int>.Shared.Rent(_room + Run + Slack);
    }

    /// <summary>How many are held before what is out of the race is dropped: twice as many as are wanted, as far as arrays go.</summary>
    /// <exception cref="NotSupportedException">There would be room for no more than are wanted.</exception>
    public static int RoomFor(int count)
    {
        var most = Array.MaxLength - Run - Slack;
        return count < most
            ? (int)Math.Min(2L * count, most)
            : throw new NotSupportedException($"At most {most - 1} weights or blocks of a layer are chosen at a time, not {count}.");
    }

    /// <summary>Adds neighbouring places, behind all that were added before; NaN and negative infinity are never kept.</summary>
    /// <param name="scores">Their scores.</param>
    /// <param name="place">The first of them.</param>
    public void Add(ReadOnlySpan<float> scores, int place)
    {
        for (; !scores.IsEmpty && _count > 0; place += Run)
        {
            if (_length >= _room)
            {
                Shrink();
            }

            var run = scores[..Math.Min(Run, scores.Length)];
            AddRun(run, place);
            scores = scores[run.Length..];
        }
    }

    /// <summary>The places, ascending; fewer than wanted if there weren't as many. Valid until this is disposed of.</summary>
    public ReadOnlySpan<int> Take()
    {
        if (_length > _count)
        {
            ShrinkToCount();
        }

        return _places.AsSpan(0, _length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_scores);
        ArrayPool<int>.Shared.Return(_places);
    }

    /// <summary>Marks the highest scores, of equal ones the first.</summary>
    /// <param name="scores">Scores; NaN is an error.</param>
    /// <param name="count">How many to mark.</param>
    /// <param name="marks">Receives true for each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mark(ReadOnlySpan<float> scores, int count, Span<bool> marks)
    {
        var (threshold, ties) = Threshold(scores, count);
        for (var i = 0; i < scores.Length; i++)
        {
            var key = Key(scores[i]);
            marks[i] = key > threshold || (key == threshold && ties-- > 0);
        }
    }

    /// <summary>Most vectors have none that is still in the race; what is, vectors write side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRun(ReadOnlySpan<float> scores, int place)
    {
        ref var score = ref MemoryMarshal.GetArrayDataReference(_scores);
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        var (length, i) = (_length, 0);
        if (Avx512F.IsSupported)
        {
            var least = Vector512.Create(_least);
            for (; i + Vector512<float>.Count <= scores.Length; i += Vector512<float>.Count)
            {
                var own = Vector512.Create(scores[i..]);
                var higher = Avx512F.CompareGreaterThan(own, least);
                if (Vector512.EqualsAll(higher, Vector512<float>.Zero))
                {
                    continue;
                }

                Avx512F.Compress(Vector512<float>.Zero, higher, own).StoreUnsafe(ref score, (nuint)length);
                Avx512F.Compress(Vector512<int>.Zero, higher.AsInt32(), Vector512<int>.Indices + Vector512.Create(place + i)).StoreUnsafe(ref places, (nuint)length);
                length += BitOperations.PopCount(higher.ExtractMostSignificantBits());
            }
        }
        else
        {
            var least = Vector256.Create(_least);
            for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
            {
                var higher = Vector256.GreaterThan(Vector256.Create(scores[i..]), least).ExtractMostSignificantBits();
                for (; higher != 0; higher &= higher - 1)
                {
                    var k = i + BitOperations.TrailingZeroCount(higher);
                    Unsafe.Add(ref score, length) = scores[k];
                    Unsafe.Add(ref places, length++) = place + k;
                }
            }
        }

        for (; i < scores.Length; i++)
        {
            Unsafe.Add(ref score, length) = scores[i];
            Unsafe.Add(ref places, length) = place + i;
            length += scores[i] > _least ? 1 : 0;
        }

        _length = length;
    }

    /// <summary>Makes room: drops what is out of the race by its upper digit alone, and only where that doesn't tell enough apart, by all of it.</summary>
    private void Shrink()
    {
        var left = _count;
        Keep(UpperDigit(_scores.AsSpan(0, _length), ref left) << DigitBits, int.MaxValue);
        if (_length - _count > (_room - _count) / 2)
        {
            ShrinkToCount();
        }
    }

    private void ShrinkToCount()
    {
        var (threshold, ties) = Threshold(_scores.AsSpan(0, _length), _count);
        Keep(threshold, ties);

        // What comes later and scores the same ranks behind those that are kept.
        _least = Score(threshold);
    }

    /// <summary>Keeps the keys above a threshold, and so many that equal it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(uint threshold, int ties)
    {
        var (kept, limit) = (0, Score(threshold));
        for (var i = 0; i < _length; i++)
        {
            // Written in any case: whether it stays is as good as random, and a branch would be mispredicted.
            var score = _scores[i];
            _scores[kept] = score;
            _places[kept] = _places[i];
            var equals = score == limit & ties > 0 ? 1 : 0;
            ties -= equals;
            kept += equals + (score > limit ? 1 : 0);
        }

        _length = kept;
        _least = Score(threshold - 1);
    }

    /// <summary>The key of the last score that is kept, and how many of that key are: two passes over digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (uint Key, int Ties) Threshold(ReadOnlySpan<float> scores, int count)
    {
        if (count >= scores.Length)
        {
            return (0, 0);
        }

        var high = UpperDigit(scores, ref count);
        using var histogram = new DigitHistogram();
        foreach (var score in scores)
        {
            var key = Key(score);
            if (key >> DigitBits == high)
            {
                histogram.Add(key & ((1 << DigitBits) - 1));
            }
        }

        return ((high << DigitBits) | histogram.Last(ref count), count);
    }

    /// <summary>The upper digit of the last score that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint UpperDigit(ReadOnlySpan<float> scores, ref int count)
    {
        using var histogram = new DigitHistogram();
        foreach (var score in scores)
        {
            histogram.Add(Key(score) >> DigitBits);
        }

        return histogram.Last(ref count);
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
