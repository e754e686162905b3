using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>Collects the active weights of dense rows: 64 weights are tested at a time, so that zeros cost little.</summary>
/// <param name="capacity">How many are expected; more are taken, too.</param>
internal sealed class ActiveWeights(int capacity)
{
    private const int Group = 64;

    // Pooled: memory that is written for the first time costs more than what is written.
    private int[] _columns = ArrayPool<int>.Shared.Rent(capacity);
    private float[] _values = ArrayPool<float>.Shared.Rent(capacity);

    public int Count { get; private set; }

    /// <summary>Adds a row: the weights that a mask makes active or, without one, those that aren't +0 or -0.</summary>
    public void Add(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask)
    {
        // Vectors are stored whole: what lies behind the last weight is written again by the next.
        Grow(ref _columns, Count + weights.Length + Vector512<float>.Count);
        Grow(ref _values, Count + weights.Length + Vector512<float>.Count);
        Count += mask.IsEmpty
            ? Nonzeros(weights, _columns.AsSpan(Count), _values.AsSpan(Count))
            : Masked(weights, MemoryMarshal.AsBytes(mask), _columns.AsSpan(Count), _values.AsSpan(Count));
    }

    /// <summary>Columns and values of all rows; nothing can be added any more.</summary>
    public (int[] Columns, float[] Values) Take()
    {
        var columns = GC.AllocateUninitializedArray<int>(Count);
        var values = GC.AllocateUninitializedArray<float>(Count);
        _columns.AsSpan(0, Count).CopyTo(columns);
        _values.AsSpan(0, Count).CopyTo(values);
        ArrayPool<int>.Shared.Return(_columns);
        ArrayPool<float>.Shared.Return(_values);
        return (columns, values);
    }

    private void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            var larger = ArrayPool<T>.Shared.Rent(Math.Max(length, 2 * array.Length));
            array.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<T>.Shared.Return(array);
            array = larger;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Nonzeros(ReadOnlySpan<float> weights, Span<int> columns, Span<float> values)
    {
        var count = 0;
        var first = 0;
        for (; Avx512F.IsSupported && first + Vector512<float>.Count <= weights.Length; first += Vector512<float>.Count)
        {
            var weight = Vector512.LoadUnsafe(in weights[first]);
            count += Compress(Avx512F.CompareNotEqual(weight, Vector512<float>.Zero), weight, first, columns[count..], values[count..]);
        }

        for (; first + Group <= weights.Length; first += Group)
        {
            var active = 0UL;
            for (var i = 0; i < Group; i += Vector512<float>.Count)
            {
                var zeros = Vector512.Equals(Vector512.LoadUnsafe(in weights[first], (nuint)i), Vector512<float>.Zero);
                active |= (~zeros.ExtractMostSignificantBits() & 0xFFFF) << i;
            }

            count += Expand(active, weights[first..], first, columns[count..], values[count..]);
        }

        for (; first < weights.Length; first++)
        {
            columns[count] = first;
            values[count] = weights[first];
            count += weights[first] != 0 ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Masked(ReadOnlySpan<float> weights, ReadOnlySpan<byte> mask, Span<int> columns, Span<float> values)
    {
        var count = 0;
        var first = 0;
        for (; Avx512F.IsSupported && first + Vector512<float>.Count <= weights.Length; first += Vector512<float>.Count)
        {
            var truths = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(in mask[first]));
            var active = Avx512F.CompareNotEqual(truths, Vector512<int>.Zero).AsSingle();
            count += Compress(active, Vector512.LoadUnsafe(in weights[first]), first, columns[count..], values[count..]);
        }

        for (; first + Group <= weights.Length; first += Group)
        {
            var inactive = Vector512.Equals(Vector512.LoadUnsafe(in mask[first]), Vector512<byte>.Zero);
            count += Expand(~inactive.ExtractMostSignificantBits(), weights[first..], first, columns[count..], values[count..]);
        }

        for (; first < weights.Length; first++)
        {
            columns[count] = first;
            values[count] = weights[first];
            count += mask[first] != 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Writes the active of 16 weights, and whatever behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compress(Vector512<float> active, Vector512<float> weight, int first, Span<int> columns, Span<float> values)
    {
        var column = Vector512<int>.Indices + Vector512.Create(first);
        Avx512F.Compress(Vector512<int>.Zero, active.AsInt32(), column).CopyTo(columns);
        Avx512F.Compress(Vector512<float>.Zero, active, weight).CopyTo(values);
        return BitOperations.PopCount(active.ExtractMostSignificantBits());
    }

    /// <summary>Writes the weights whose bits are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Expand(ulong active, ReadOnlySpan<float> weights, int first, Span<int> columns, Span<float> values)
    {
        var count = 0;
        for (; active != 0; active &= active - 1)
        {
            var place = BitOperations.TrailingZeroCount(active);
            columns[count] = first + place;
            values[count++] = weights[place];
        }

        return count;
    }
}
