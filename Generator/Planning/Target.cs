namespace KernelGen.Generator.Planning;

/// <summary>What planning must know of an instruction set.</summary>
/// <param name="Name">The member of the runtime's InstructionSet.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="PanelWidth">Samples of a panel; equals the runtime's Panel.Width.</param>
/// <param name="Accumulators">Sums that a loop may keep in registers beside its operands.</param>
/// <param name="Window">Columns whose activations a permute can reach at once.</param>
/// <param name="IndexBytes">Bytes of a permute's index, per lane.</param>
internal sealed record Target(string Name, int Lanes, int PanelWidth, int Accumulators, int Window, int IndexBytes)
{
    public static Target Scalar { get; } = new("Scalar", Lanes: 1, PanelWidth: 8, Accumulators: 8, Window: 64, IndexBytes: 1);

    public static Target Neon { get; } = new("Neon", Lanes: 4, PanelWidth: 32, Accumulators: 24, Window: 16, IndexBytes: 4);

    public static Target Avx2 { get; } = new("Avx2", Lanes: 8, PanelWidth: 64, Accumulators: 12, Window: 16, IndexBytes: 1);

    public static Target Avx512 { get; } = new("Avx512", Lanes: 16, PanelWidth: 64, Accumulators: 24, Window: 32, IndexBytes: 1);

    /// <summary>Vectors in a panel's row.</summary>
    public int PanelVectors => PanelWidth / Lanes;
}
