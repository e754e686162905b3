using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Formats;

/// <summary>Collects the active weights of dense rows: vectors of weights are tested at a time, so that zeros cost little.</summary>
internal sealed unsafe class ActiveWeights
{
    private const int Group = 64;

    private int[] _columns;
    private float[] _values;

    // Pooled arrays are copied in the end, others handed out: memory that is written for the first time costs more than what is written.
    private bool _arePooled;

    /// <param name="expected">How many there will be, if that is known, or 0; others are taken, too.</param>
    /// <param name="rowLength">Weights of a row.</param>
    /// <param name="weights">Weights of all rows.</param>
    public ActiveWeights(int expected, int rowLength, int weights)
    {
        _arePooled = expected == 0;
        var capacity = checked((_arePooled ? weights / 8 : expected) + Room(rowLength));
        _columns = _arePooled ? ArrayPool<int>.Shared.Rent(capacity) : GC.AllocateUninitializedArray<int>(capacity);
        _values = _arePooled ? ArrayPool<float>.Shared.Rent(capacity) : GC.AllocateUninitializedArray<float>(capacity);
    }

    public int Count { get; private set; }

    /// <summary>Adds a row: the weights that a mask makes active or, without one, those that aren't +0 or -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask)
    {
        if (Math.Min(_columns.Length, _values.Length) < Count + Room(weights.Length))
        {
            Grow(weights.Length);
        }

        fixed (float* weight = weights, values = &_values[Count])
        fixed (int* columns = &_columns[Count])
        fixed (bool* truths = mask)
        {
            Count += mask.IsEmpty ? Nonzeros(weight, weights.Length, columns, values) : Masked(weight, (byte*)truths, weights.Length, columns, values);
        }
    }

    /// <summary>Columns and values of all rows, at least as many as there are; nothing can be added any more.</summary>
    public (int[] Columns, float[] Values) Take()
    {
        // What was expected in vain would stay in memory.
        if (!_arePooled && Count >= _values.Length - (_values.Length / 8))
        {
            return (_columns, _values);
        }

        var columns = GC.AllocateUninitializedArray<int>(Count);
        var values = GC.AllocateUninitializedArray<float>(Count);
        _columns.AsSpan(0, Count).CopyTo(columns);
        _values.AsSpan(0, Count).CopyTo(values);
        Return();
        return (columns, values);
    }

    /// <summary>What a row may write: vectors are stored whole, and what lies behind the last weight is written again by the next.</summary>
    private static int Room(int rowLength) => rowLength + Vector512<float>.Count;

    private void Grow(int rowLength)
    {
        var length = Math.Max(Count + Room(rowLength), 2 * Count);
        var columns = ArrayPool<int>.Shared.Rent(length);
        var values = ArrayPool<float>.Shared.Rent(length);
        _columns.AsSpan(0, Count).CopyTo(columns);
        _values.AsSpan(0, Count).CopyTo(values);
        Return();
        (_columns, _values, _arePooled) = (columns, values, true);
    }

    private void Return()
    {
        if (_arePooled)
        {
            ArrayPool<int>.Shared.Return(_columns);
            ArrayPool<float>.Shared.Return(_values);
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
