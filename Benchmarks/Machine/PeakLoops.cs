using System.Runtime.CompilerServices;

namespace KernelGen.Benchmarks.Machine;

/// <summary>Loops that do nothing but what they measure.</summary>
/// <typeparam name="TVector">The vectors they use.</typeparam>
internal static unsafe class PeakLoops<TVector>
    where TVector : struct, IVector<TVector>
{
    /// <summary>Floats that one round of <see cref="Read"/> reads.</summary>
    public static int ReadStep => 4 * TVector.Lanes;

    /// <summary>Twelve independent chains of multiply-adds, more than latency times pipes; a call makes 12 x iterations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float MultiplyAdds(int iterations)
    {
        TVector m = TVector.Of(0.5f), a = TVector.Of(1f);
        TVector s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (var i = 0; i < iterations; i++)
        {
            s0 = TVector.MultiplyAdd(s0, m, a);
            s1 = TVector.MultiplyAdd(s1, m, a);
            s2 = TVector.MultiplyAdd(s2, m, a);
            s3 = TVector.MultiplyAdd(s3, m, a);
            s4 = TVector.MultiplyAdd(s4, m, a);
            s5 = TVector.MultiplyAdd(s5, m, a);
            s6 = TVector.MultiplyAdd(s6, m, a);
            s7 = TVector.MultiplyAdd(s7, m, a);
            s8 = TVector.MultiplyAdd(s8, m, a);
            s9 = TVector.MultiplyAdd(s9, m, a);
            s10 = TVector.MultiplyAdd(s10, m, a);
            s11 = TVector.MultiplyAdd(s11, m, a);
        }

        return TVector.Sum(s0) + TVector.Sum(s1) + TVector.Sum(s2) + TVector.Sum(s3) + TVector.Sum(s4) + TVector.Sum(s5)
            + TVector.Sum(s6) + TVector.Sum(s7) + TVector.Sum(s8) + TVector.Sum(s9) + TVector.Sum(s10) + TVector.Sum(s11);
    }

    /// <summary>Reads floats in order, a multiple of <see cref="ReadStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Read(float* data, nint count)
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        for (var end = data + count; data < end; data += 4 * TVector.Lanes)
        {
            s0 = TVector.Add(s0, TVector.Load(data));
            s1 = TVector.Add(s1, TVector.Load(data + TVector.Lanes));
            s2 = TVector.Add(s2, TVector.Load(data + (2 * TVector.Lanes)));
            s3 = TVector.Add(s3, TVector.Load(data + (3 * TVector.Lanes)));
        }

        return TVector.Sum(s0) + TVector.Sum(s1) + TVector.Sum(s2) + TVector.Sum(s3);
    }
}
