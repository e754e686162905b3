namespace KernelGen.Formats;

/// <summary>What a packer fills; <see cref="PackFormat"/> says what lies where.</summary>
/// <param name="Values">Weights.</param>
/// <param name="Indices">Columns; empty where the format has none.</param>
/// <param name="Counts">Counts; empty where the format has none.</param>
internal readonly record struct PackArrays(AlignedBuffer Values, AlignedBuffer Indices, AlignedBuffer Counts)
{
    public long Bytes => Values.Bytes + Indices.Bytes + Counts.Bytes;

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release()
    {
        Values.Release();
        Indices.Release();
        Counts.Release();
    }
}
