using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Formats;

/// <summary>Collects the active weights of dense rows: 64 weights are tested at a time, so that zeros cost little.</summary>
/// <param name="capacity">How many are expected; more are taken, too.</param>
internal sealed class ActiveWeights(int capacity)
{
    private const int Group = 64;

    private int[] _columns = new int[capacity];
    private float[] _values = new float[capacity];

    public int Count { get; private set; }

    /// <summary>Adds a row: the weights that a mask makes active or, without one, those that aren't +0 or -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask)
    {
        if (_values.Length - Count < weights.Length)
        {
            var larger = Math.Max(2 * _values.Length, Count + weights.Length);
            Array.Resize(ref _columns, larger);
            Array.Resize(ref _values, larger);
        }

        var (columns, values, count) = (_columns, _values, Count);
        for (var first = 0; first < weights.Length; first += Group)
        {
            var group = weights[first..];
            var active = mask.IsEmpty ? Nonzeros(group) : Set(MemoryMarshal.AsBytes(mask[first..]));
            for (; active != 0; active &= active - 1)
            {
                var place = BitOperations.TrailingZeroCount(active);
                columns[count] = first + place;
                values[count++] = group[place];
            }
        }

        Count = count;
    }

    public int[] Columns() => _columns[..Count];

    public float[] Values() => _values[..Count];

    /// <summary>A bit for each of the first 64 weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Nonzeros(ReadOnlySpan<float> weights)
    {
        var active = 0UL;
        if (weights.Length >= Group)
        {
            for (var i = 0; i < Group; i += Vector512<float>.Count)
            {
                var zeros = Vector512.Equals(Vector512.Create(weights.Slice(i, Vector512<float>.Count)), Vector512<float>.Zero);
                active |= (~zeros.ExtractMostSignificantBits() & 0xFFFF) << i;
            }

            return active;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            active |= weights[i] != 0 ? 1UL << i : 0;
        }

        return active;
    }

    /// <summary>A bit for each of the first 64 truths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Set(ReadOnlySpan<byte> truths)
    {
        if (truths.Length >= Group)
        {
            return ~Vector512.Equals(Vector512.Create(truths[..Group]), Vector512<byte>.Zero).ExtractMostSignificantBits();
        }

        var active = 0UL;
        for (var i = 0; i < truths.Length; i++)
        {
            active |= truths[i] != 0 ? 1UL << i : 0;
        }

        return active;
    }
}
