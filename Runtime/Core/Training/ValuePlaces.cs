namespace KernelGen.Training;

/// <summary>Where each value of a pack, or of a part of one, comes from, among those of the active weights.</summary>
internal abstract unsafe class ValuePlaces
{
    /// <summary>Bytes of it.</summary>
    public abstract long Bytes { get; }

    /// <summary>Brings values to the pack.</summary>
    /// <param name="values">Those of the active weights, row by row.</param>
    public abstract void Gather(float* values);

    /// <inheritdoc cref="Formats.AlignedBuffer.Release"/>
    public virtual void Release()
    {
    }
}
