namespace KernelGen.Vectors;

/// <summary>
/// Neighbouring floats in registers, as a type argument of emitted kernels: their loops are written once, and compiled for each instruction set
/// and number of vectors. A strip changes in place: one that came as a result would be copied, and its sums would move between registers.
/// Pointers are read and written as they come; who calls checks them.
/// </summary>
/// <typeparam name="TStrip">The strip itself.</typeparam>
/// <typeparam name="TFactors">What multiplies it.</typeparam>
public unsafe interface IStrip<TStrip, TFactors>
    where TStrip : struct, IStrip<TStrip, TFactors>
    where TFactors : struct, IFactors<TFactors>
{
    /// <summary>Floats of a strip.</summary>
    static abstract int Width { get; }

    /// <summary>Samples of the instruction set's panels.</summary>
    static abstract int PanelWidth { get; }

    /// <summary>Takes the floats from from[offset] on; where the offset is a constant, no address is computed.</summary>
    /// <param name="from">A pointer to floats.</param>
    /// <param name="offset">Floats behind it.</param>
    void Load(float* from, int offset);

    /// <summary>Takes one float, as all of the strip's.</summary>
    /// <param name="value">A pointer to the float.</param>
    void Broadcast(float* value);

    /// <summary>Adds another strip, float by float.</summary>
    /// <param name="other">The other strip.</param>
    void Add(in TStrip other);

    /// <summary>Adds another strip times one of the factors.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="factor">The number of the factor among them.</param>
    /// <param name="other">The other strip.</param>
    void MultiplyAdd(TFactors factors, byte factor, in TStrip other);

    /// <summary>Adds the floats from from[offset] on times one of the factors.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="factor">The number of the factor among them.</param>
    /// <param name="from">A pointer to floats.</param>
    /// <param name="offset">Floats behind it.</param>
    void LoadMultiplyAdd(TFactors factors, byte factor, float* from, int offset);

    /// <summary>Activates the strip, and stores its first floats.</summary>
    /// <typeparam name="TActivation">The activation.</typeparam>
    /// <param name="to">Where the floats go.</param>
    /// <param name="count">How many: at least 1; all, where it is the width or more.</param>
    void Store<TActivation>(float* to, int count)
        where TActivation : struct, IActivation;
}
