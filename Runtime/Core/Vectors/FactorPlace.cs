using System.Runtime.CompilerServices;

namespace KernelGen.Vectors;

/// <summary>Factors in memory, which each multiplication broadcasts.</summary>
public readonly unsafe struct FactorPlace : IFactors<FactorPlace>
{
    private readonly float* _from;
    private readonly int _offset;

    private FactorPlace(float* from, int offset)
    {
        _from = from;
        _offset = offset;
    }

    /// <summary>Where a factor stands.</summary>
    /// <param name="factor">Its number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float* At(byte factor) => &_from[_offset + factor];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FactorPlace Load1(float* from, int offset) => new(from, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FactorPlace Load2(float* from, int offset) => new(from, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FactorPlace Load4(float* from, int offset) => new(from, offset);
}
