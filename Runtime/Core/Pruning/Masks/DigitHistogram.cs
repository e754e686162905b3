using System.Buffers;
using System.Runtime.CompilerServices;

namespace KernelGen.Pruning;

/// <summary>How often each digit of 16 bits occurs. Its memory is pooled.</summary>
internal readonly ref struct DigitHistogram
{
    private const int Digits = 1 << 16;

    private readonly int[] _pooled;
    private readonly Span<int> _counts;

    public DigitHistogram()
    {
        _pooled = ArrayPool<int>.Shared.Rent(Digits);
        _counts = _pooled.AsSpan(0, Digits);
        _counts.Clear();
    }

    /// <summary>Counts a digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint digit) => _counts[(int)digit]++;

    /// <summary>The digit at which a count runs out, from the highest down; the count is what is left for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Last(ref int count)
    {
        var digit = Digits - 1;
        while (digit > 0 && _counts[digit] <= count)
        {
            count -= _counts[digit--];
        }

        return (uint)digit;
    }

    /// <summary>The digit at which a count runs out, upwards; the last where it doesn't.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint First(uint from, uint last, ref int count)
    {
        var digit = (int)from;
        while (digit < last && _counts[digit] <= count)
        {
            count -= _counts[digit++];
        }

        return (uint)digit;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<int>.Shared.Return(_pooled);
}
