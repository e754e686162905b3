namespace KernelGen.Formats;

/// <summary>
/// A layer's weights and bias in one kernel's format, in parts that several threads can take: immutable, and the owner of its memory.
/// </summary>
internal sealed unsafe class Pack
{
    private readonly PackPart[] _parts;
    private readonly AlignedBuffer _bias;

    private Pack(PackFormat format, PackPart[] parts, AlignedBuffer bias)
    {
        Format = format;
        _parts = parts;
        _bias = bias;
    }

    public PackFormat Format { get; }

    /// <summary>Bytes that a kernel can read: weights, indices, counts and bias.</summary>
    public long Bytes => _parts.Sum(part => part.Arrays.Bytes) + _bias.Bytes;

    /// <summary>The rows in order, at least one part; its pointers are valid while this object lives.</summary>
    public ReadOnlySpan<PackPart> Parts => _parts;

    /// <summary>Packs a matrix and its bias.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="bias">A bias for each row, or none.</param>
    /// <param name="format">Where everything goes.</param>
    /// <param name="quick">Whether to do without what takes longer than some passes over the weights.</param>
    /// <param name="shares">Whether a quick pack shares what it finds beside each other: for hundreds of batches on it.</param>
    public static Pack Create(SparseMatrix matrix, ReadOnlySpan<float> bias, PackFormat format, bool quick = false, bool shares = false)
    {
        var paddedBias = AlignedBuffer.OfFloats(format.PaddedRows(matrix.Rows));
        bias.CopyTo(new Span<float>(paddedBias.Floats, matrix.Rows));
        var starts = RowParts.Cut(matrix, format);
        var parts = new PackPart[starts.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var first = starts[i];
            var rows = (i + 1 < parts.Length ? starts[i + 1] : matrix.Rows) - first;
            parts[i] = new PackPart(first, rows, Fill(matrix.Slice(first, rows), format, quick, shares), paddedBias.Floats + first);
        }

        return new Pack(format, parts, paddedBias);
    }

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release()
    {
        foreach (var part in _parts)
        {
            part.Arrays.Release();
        }

        _bias.Release();
    }

    private static PackArrays Fill(SparseMatrix matrix, PackFormat format, bool quick, bool shares) => format switch
    {
        TileFormat tiles => TilePacker.Pack(matrix, tiles),
        PanelCsrFormat csr => PanelCsrPacker.Pack(matrix, csr, quick, shares),
        WindowFormat windows => WindowPacker.Pack(matrix, windows),
        GroupFormat groups => GroupPacker.Pack(matrix, groups),
        BlockFormat blocks => BlockPacker.Pack(matrix, blocks),
        LaneBlockFormat blocks => BlockPacker.Pack(matrix, blocks),
        _ => throw new ArgumentException($"No packer knows the format {format.GetType().Name}.", nameof(format)),
    };
}
