using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Vectors;

/// <summary>Factors in the lanes of a vector: on NEON one load brings four, and a multiply-add takes one lane of them.</summary>
public readonly unsafe struct NeonFactors : IFactors<NeonFactors>
{
    private NeonFactors(Vector128<float> lanes) => Lanes = lanes;

    /// <summary>The factors, from the lowest lane on.</summary>
    internal Vector128<float> Lanes { [MethodImpl(MethodImplOptions.AggressiveInlining)] get; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonFactors Load1(float* from, int offset) => new(Vector128.CreateScalarUnsafe(from[offset]));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonFactors Load2(float* from, int offset) => new(Vector64.Load(&from[offset]).ToVector128Unsafe());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonFactors Load4(float* from, int offset) => new(Vector128.Load(&from[offset]));
}
