using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>Collects the active weights of dense rows: 64 weights are tested at a time, so that zeros cost little.</summary>
/// <param name="capacity">How many are expected; more are taken, too.</param>
internal sealed unsafe class ActiveWeights(int capacity)
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
        fixed (float* weight = weights, values = &_values[Count])
        fixed (int* columns = &_columns[Count])
        fixed (bool* truths = mask)
        {
            Count += mask.IsEmpty ? Nonzeros(weight, weights.Length, columns, values) : Masked(weight, (byte*)truths, weights.Length, columns, values);
        }
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
    private static int Nonzeros(float* weights, int length, int* columns, float* values)
    {
        nint count = 0;
        var first = 0;
        if (Avx512F.IsSupported)
        {
            var column = Vector512<int>.Indices;
            for (; first + Vector512<float>.Count <= length; first += Vector512<float>.Count, column += Vector512.Create(Vector512<float>.Count))
            {
                var weight = Vector512.Load(weights + first);
                count += Compress(Avx512F.CompareNotEqual(weight, Vector512<float>.Zero), weight, column, columns + count, values + count);
            }
        }

        for (; first + Group <= length; first += Group)
        {
            var active = 0UL;
            for (var i = 0; i < Group; i += Vector512<float>.Count)
            {
                var zeros = Vector512.Equals(Vector512.Load(weights + first + i), Vector512<float>.Zero);
                active |= (~zeros.ExtractMostSignificantBits() & 0xFFFF) << i;
            }

            count += Expand(active, weights + first, first, columns + count, values + count);
        }

        for (; first < length; first++)
        {
            columns[count] = first;
            values[count] = weights[first];
            count += weights[first] != 0 ? 1 : 0;
        }

        return (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Masked(float* weights, byte* mask, int length, int* columns, float* values)
    {
        nint count = 0;
        var first = 0;
        if (Avx512F.IsSupported)
        {
            var column = Vector512<int>.Indices;
            for (; first + Vector512<float>.Count <= length; first += Vector512<float>.Count, column += Vector512.Create(Vector512<float>.Count))
            {
                var truths = Avx512F.ConvertToVector512Int32(Vector128.Load(mask + first));
                var active = Avx512F.CompareNotEqual(truths, Vector512<int>.Zero).AsSingle();
                count += Compress(active, Vector512.Load(weights + first), column, columns + count, values + count);
            }
        }

        for (; first + Group <= length; first += Group)
        {
            var inactive = Vector512.Equals(Vector512.Load(mask + first), Vector512<byte>.Zero);
            count += Expand(~inactive.ExtractMostSignificantBits(), weights + first, first, columns + count, values + count);
        }

        for (; first < length; first++)
        {
            columns[count] = first;
            values[count] = weights[first];
            count += mask[first] != 0 ? 1 : 0;
        }

        return (int)count;
    }

    /// <summary>Writes the active of 16 weights, and whatever behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compress(Vector512<float> active, Vector512<float> weight, Vector512<int> column, int* columns, float* values)
    {
        Avx512F.Compress(Vector512<int>.Zero, active.AsInt32(), column).Store(columns);
        Avx512F.Compress(Vector512<float>.Zero, active, weight).Store(values);
        return BitOperations.PopCount(active.ExtractMostSignificantBits());
    }

    /// <summary>Writes the weights whose bits are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Expand(ulong active, float* weights, int first, int* columns, float* values)
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
