using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// What a change of mask does to numbers that belong to active weights: they follow their weights. Those that stay do so in the same order: they are
/// taken out of the former numbers, and spread over the next ones. A bit for each weight of either mask says whether it is in the other.
/// </summary>
internal sealed class MaskChange
{
    private const int WordBits = 64;

    private readonly ulong[] _stays;
    private readonly ulong[] _stayed;
    private readonly int _formerCount;
    private readonly int _nextCount;

    /// <param name="former">The mask until now.</param>
    /// <param name="next">The mask from now on, of the same shape.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public MaskChange(SparseMatrix former, SparseMatrix next)
    {
        (_formerCount, _nextCount) = (former.Nonzeros, next.Nonzeros);
        (_stays, _stayed) = (new ulong[Words(_formerCount)], new ulong[Words(_nextCount)]);
        var rowWords = Words(next.Columns);
        var (before, after) = (new ulong[rowWords], new ulong[rowWords]);
        var stays = new BitStream(_stays);
        var stayed = new BitStream(_stayed);
        for (var row = 0; row < next.Rows; row++)
        {
            SetBits(before, former.RowColumns(row));
            SetBits(after, next.RowColumns(row));
            for (var i = 0; i < before.Length; i++)
            {
                var both = before[i] & after[i];
                stays.Add(Extract(both, before[i]), BitOperations.PopCount(before[i]));
                stayed.Add(Extract(both, after[i]), BitOperations.PopCount(after[i]));
            }
        }

        stays.End();
        stayed.End();
    }

    /// <summary>Moves numbers in place; those of weights that became active are as if new, and so is what lies behind the last.</summary>
    /// <param name="numbers">One for each active weight, and room for more.</param>
    /// <param name="fresh">What a new one is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Move(Span<float> numbers, float fresh = 0)
    {
        var pooled = ArrayPool<float>.Shared.Rent(_formerCount + WordBits);
        Take(numbers[.._formerCount], pooled);
        Spread(pooled, numbers[.._nextCount], fresh);
        numbers[_nextCount..].Fill(fresh);
        ArrayPool<float>.Shared.Return(pooled);
    }

    /// <summary>Takes those that stay, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ReadOnlySpan<float> former, Span<float> kept)
    {
        var (i, count) = (0, 0);
        if (Avx512F.IsSupported)
        {
            for (; i + Vector512<float>.Count <= former.Length; i += Vector512<float>.Count)
            {
                var bits = Bits(_stays, i);
                Avx512F.Compress(Vector512<float>.Zero, BitLanes.Of(bits).AsSingle(), Vector512.Create(former[i..])).CopyTo(kept[count..]);
                count += BitOperations.PopCount(bits);
            }
        }

        for (; i < former.Length; i++)
        {
            kept[count] = former[i];
            count += (int)(Bits(_stays, i) & 1);
        }
    }

    /// <summary>Spreads those that stayed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(ReadOnlySpan<float> kept, Span<float> next, float fresh)
    {
        var (i, count) = (0, 0);
        if (Avx512F.IsSupported)
        {
            var added = Vector512.Create(fresh);
            for (; i + Vector512<float>.Count <= next.Length; i += Vector512<float>.Count)
            {
                var bits = Bits(_stayed, i);
                Avx512F.Expand(added, BitLanes.Of(bits).AsSingle(), Vector512.Create(kept[count..])).CopyTo(next[i..]);
                count += BitOperations.PopCount(bits);
            }
        }

        for (; i < next.Length; i++)
        {
            var bit = (int)(Bits(_stayed, i) & 1);
            next[i] = bit > 0 ? kept[count] : fresh;
            count += bit;
        }
    }

    /// <summary>The bits of a vector of numbers, of which the first begins a vector; or from any number on to the end of such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(ulong[] bits, int first) => (ushort)(bits[first / WordBits] >> (first % WordBits));

    private static int Words(int bits) => (bits + WordBits - 1) / WordBits;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SetBits(Span<ulong> words, ReadOnlySpan<int> columns)
    {
        words.Clear();
        foreach (var column in columns)
        {
            words[column / WordBits] |= 1UL << column;
        }
    }

    /// <summary>The bits of a word at the places that another one names, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Extract(ulong word, ulong places)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitExtract(word, places);
        }

        var extracted = 0UL;
        for (var bit = 1UL; places != 0; places &= places - 1, bit <<= 1)
        {
            extracted |= (word & places & (0 - places)) != 0 ? bit : 0;
        }

        return extracted;
    }

    /// <summary>Writes bits behind each other.</summary>
    private ref struct BitStream(Span<ulong> words)
    {
        private Span<ulong> _words = words;
        private ulong _word;
        private int _length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong bits, int count)
        {
            _word |= bits << _length;
            _length += count;
            if (_length >= WordBits)
            {
                _words[0] = _word;
                _words = _words[1..];
                _length -= WordBits;
                _word = _length > 0 ? bits >> (count - _length) : 0;
            }
        }

        public readonly void End()
        {
            if (_length > 0)
            {
                _words[0] = _word;
            }
        }
    }
}
