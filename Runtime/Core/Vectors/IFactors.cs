namespace KernelGen.Vectors;

/// <summary>1, 2 or 4 neighbouring floats, each of which multiplies whole strips; no more than those are read.</summary>
/// <typeparam name="TFactors">The factors themselves.</typeparam>
public unsafe interface IFactors<TFactors>
    where TFactors : struct, IFactors<TFactors>
{
    /// <summary>One float, at from[offset].</summary>
    /// <param name="from">A pointer to floats.</param>
    /// <param name="offset">Floats behind it.</param>
    static abstract TFactors Load1(float* from, int offset);

    /// <summary>Two floats, from from[offset] on.</summary>
    /// <param name="from">A pointer to floats.</param>
    /// <param name="offset">Floats behind it.</param>
    static abstract TFactors Load2(float* from, int offset);

    /// <summary>Four floats, from from[offset] on.</summary>
    /// <param name="from">A pointer to floats.</param>
    /// <param name="offset">Floats behind it.</param>
    static abstract TFactors Load4(float* from, int offset);
}
