namespace KernelGen.Generator.Planning;

/// <summary>One kernel to emit: all decisions made, no text yet.</summary>
/// <param name="Kind">Shape, pattern, activation.</param>
/// <param name="Target">The instruction set.</param>
/// <param name="MaxDensity">The density above which the layer's dense kernel is faster; 1 for dense kernels.</param>
internal abstract record KernelPlan(KernelKind Kind, Target Target, double MaxDensity);

/// <summary>Throughput, batch in lanes: pairs of rows, CSR in blocks of columns whose slice of the panel stays in L1.</summary>
/// <param name="BlockColumns">Columns of a block.</param>
/// <param name="Vectors">Vectors of samples summed at a time, for both rows of a pair.</param>
internal sealed record PanelCsrPlan(KernelKind Kind, Target Target, double MaxDensity, int BlockColumns, int Vectors)
    : KernelPlan(Kind, Target, MaxDensity)
{
    /// <summary>Whether row numbers need more than 16 bits.</summary>
    public bool WideCounts => Kind.Out > ushort.MaxValue;

    /// <summary>Blocks over all columns.</summary>
    public int Blocks => ((Kind.In - 1) / BlockColumns) + 1;
}

/// <summary>Throughput, batch in lanes: tiles of rows x vectors whose sums stay in registers; dense, or over the active blocks.</summary>
/// <param name="Rows">Rows of a stored tile or block.</param>
/// <param name="Columns">Columns of a block; 0 for a dense tile, which spans all columns.</param>
/// <param name="PassRows">Rows summed at a time, a divisor of Rows.</param>
/// <param name="Vectors">Vectors of samples summed at a time.</param>
internal sealed record PanelTilePlan(
    KernelKind Kind, Target Target, double MaxDensity, int Rows, int Columns, int PassRows, int Vectors)
    : KernelPlan(Kind, Target, MaxDensity)
{
    public bool IsDense => Columns == 0;
}

/// <summary>Latency, rows in lanes: windows of activations in registers, permuted to the rows' columns.</summary>
/// <param name="Window">Columns of a window.</param>
/// <param name="StepsPerWindow">Steps that every window has, or 0 where they are counted.</param>
internal sealed record VectorWindowPlan(KernelKind Kind, Target Target, double MaxDensity, int Window, int StepsPerWindow)
    : KernelPlan(Kind, Target, MaxDensity);

/// <summary>Latency, rows in lanes: column by column of a tile or block, each activation broadcast.</summary>
/// <param name="Rows">Rows of a stored tile or block, a multiple of the lanes.</param>
/// <param name="Columns">Columns of a block; 0 for a dense tile, which spans all columns.</param>
/// <param name="Chains">Independent sums of a row, so that additions needn't wait for each other.</param>
internal sealed record VectorColumnPlan(KernelKind Kind, Target Target, double MaxDensity, int Rows, int Columns, int Chains)
    : KernelPlan(Kind, Target, MaxDensity)
{
    public bool IsDense => Columns == 0;
}
