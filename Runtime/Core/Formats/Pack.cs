namespace KernelGen.Formats;

/// <summary>A layer's weights and bias in one kernel's format: immutable, and the owner of its memory.</summary>
internal sealed unsafe class Pack
{
    private readonly PackArrays _arrays;
    private readonly AlignedBuffer _bias;
    private readonly PackedWeights _weights;

    private Pack(PackFormat format, PackArrays arrays, AlignedBuffer bias)
    {
        Format = format;
        _arrays = arrays;
        _bias = bias;
        _weights = new PackedWeights(arrays.Values.Floats, arrays.Indices.Pointer, arrays.Counts.Pointer, bias.Floats);
    }

    public PackFormat Format { get; }

    /// <summary>Bytes that a kernel can read: weights, indices, counts and bias.</summary>
    public long Bytes => _arrays.Values.Bytes + _arrays.Indices.Bytes + _arrays.Counts.Bytes + _bias.Bytes;

    /// <summary>Pointers for a kernel; valid while this object lives.</summary>
    public ref readonly PackedWeights Weights => ref _weights;

    /// <summary>Values, indices and counts, for their lengths.</summary>
    public PackArrays Arrays => _arrays;

    /// <summary>Packs a matrix and its bias.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="bias">A bias for each row, or none.</param>
    /// <param name="format">Where everything goes.</param>
    /// <param name="quick">Whether to do without what takes longer than some passes over the weights.</param>
    public static Pack Create(SparseMatrix matrix, ReadOnlySpan<float> bias, PackFormat format, bool quick = false)
    {
        var arrays = format switch
        {
            TileFormat tiles => TilePacker.Pack(matrix, tiles),
            PanelCsrFormat csr => PanelCsrPacker.Pack(matrix, csr, quick),
            WindowFormat windows => WindowPacker.Pack(matrix, windows),
            GroupFormat groups => GroupPacker.Pack(matrix, groups),
            BlockFormat blocks => BlockPacker.Pack(matrix, blocks),
            LaneBlockFormat blocks => BlockPacker.Pack(matrix, blocks),
            _ => throw new ArgumentException($"No packer knows the format {format.GetType().Name}.", nameof(format)),
        };
        var paddedBias = AlignedBuffer.OfFloats(format.PaddedRows(matrix.Rows));
        bias.CopyTo(new Span<float>(paddedBias.Floats, matrix.Rows));
        return new Pack(format, arrays, paddedBias);
    }
}
