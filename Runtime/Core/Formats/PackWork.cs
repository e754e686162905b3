namespace KernelGen.Formats;

/// <summary>How much a kernel has to do for some weights in its format; each packer says what its units and steps are.</summary>
/// <param name="Units">What costs something besides its steps.</param>
/// <param name="Steps">Rounds of the innermost loop.</param>
/// <param name="Shared">Rounds that serve two rows at once, not among the steps.</param>
/// <param name="Bytes">Bytes of weights, indices and counts.</param>
internal readonly record struct PackWork(double Units, double Steps, double Shared, double Bytes)
{
    /// <summary>Counts without packing.</summary>
    public static PackWork Of(SparseMatrix matrix, PackFormat format, bool quick) => format switch
    {
        TileFormat tiles => TilePacker.Work(matrix, tiles),
        PanelCsrFormat csr => PanelCsrPacker.Work(matrix, csr, quick),
        WindowFormat windows => WindowPacker.Work(matrix, windows),
        GroupFormat groups => GroupPacker.Work(matrix, groups),
        BlockFormat blocks => BlockPacker.Work(matrix, blocks),
        LaneBlockFormat blocks => BlockPacker.Work(matrix, blocks),
        _ => throw new ArgumentException($"No packer knows the format {format.GetType().Name}.", nameof(format)),
    };

    /// <summary>The same for so many times as many weights.</summary>
    public PackWork Times(double factor) => new(Units * factor, Steps * factor, Shared * factor, Bytes * factor);
}
