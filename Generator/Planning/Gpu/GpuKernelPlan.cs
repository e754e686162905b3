namespace KernelGen.Generator.Planning.Gpu;

/// <summary>
/// One GPU kernel to emit. The lanes of a warp are samples, its rows are summed in registers; the warps of a group share the activations that
/// they stage in shared memory.
/// </summary>
/// <param name="Kind">Shape, pattern, activation.</param>
/// <param name="Tile">What a group of threads sums at a time.</param>
/// <param name="RelativeCost">Time of a stored weight, over that of a weight in the dense kernel.</param>
internal abstract record GpuKernelPlan(KernelKind Kind, GpuTile Tile, double RelativeCost)
{
    /// <summary>The activation by whose slope an input gradient is multiplied: that of the layer before. None for all other products, which add a bias.</summary>
    public FusedActivation Slope { get; init; } = FusedActivation.None;

    /// <summary>The emitted method: no two plans of a kind share one.</summary>
    public string Method => Tile.LaneSamples == 1 ? "Narrow" : "Wide";

    /// <summary>The emitted class.</summary>
    public string ClassName => ClassNameOf(Kind, Slope);

    /// <summary>Stages over all columns.</summary>
    public int Stages => ((Kind.In - 1) / Tile.StageColumns) + 1;

    /// <summary>Bytes of shared memory.</summary>
    public abstract int SharedBytes { get; }

    /// <summary>The class that is emitted for a kind, and for an input gradient the slope that it is multiplied by.</summary>
    public static string ClassNameOf(KernelKind kind, FusedActivation slope)
        => $"{kind.ClassName}{(slope.Activation == Activation.None ? "" : $"Times{slope.TypeName}Slope")}Gpu";

    protected int RowBytes => Tile.GroupSamples * sizeof(float);
}

/// <summary>Dense: the weights of a stage are staged beside its activations.</summary>
internal sealed record GpuTilePlan(KernelKind Kind, GpuTile Tile, double RelativeCost) : GpuKernelPlan(Kind, Tile, RelativeCost)
{
    public override int SharedBytes => Tile.StageColumns * (RowBytes + (Tile.GroupRows * sizeof(float)));
}

/// <summary>Row-split CSR: nonzeros of a row in pairs. An odd one is paired with a zero, which meets a row of zeros behind the stage.</summary>
internal sealed record GpuCsrPlan(KernelKind Kind, GpuTile Tile, double RelativeCost) : GpuKernelPlan(Kind, Tile, RelativeCost)
{
    public override int SharedBytes => (Tile.StageColumns + 1) * RowBytes;
}

/// <summary>Blocks: an activation is loaded once for all rows of a block.</summary>
/// <param name="Rows">Rows of a stored block, a divisor of a warp's.</param>
/// <param name="Columns">Columns of a stored block, a divisor of a stage's.</param>
/// <param name="LoadsAhead">Whether a block is loaded while the one before is multiplied.</param>
internal sealed record GpuBlockPlan(KernelKind Kind, GpuTile Tile, double RelativeCost, int Rows, int Columns, bool LoadsAhead)
    : GpuKernelPlan(Kind, Tile, RelativeCost)
{
    public override int SharedBytes => Tile.StageColumns * RowBytes;

    /// <summary>Block rows of a warp.</summary>
    public int WarpBlocks => Tile.WarpRows / Rows;
}

/// <summary>
/// N:M: a step's places come in words that stay in registers, its values as vectors; no counts. A group has a row of zeros behind its columns,
/// for places that no weight takes.
/// </summary>
/// <param name="N">Weights kept in a group.</param>
/// <param name="M">Columns of a group.</param>
/// <param name="StepGroups">Groups of a step.</param>
/// <param name="PlaceBits">Bits of a place within its group, which counts from 0 to M.</param>
internal sealed record GpuGroupPlan(
    KernelKind Kind, GpuTile Tile, double RelativeCost, int N, int M, int StepGroups, int PlaceBits)
    : GpuKernelPlan(Kind, Tile, RelativeCost)
{
    private const int WordBits = 32;

    /// <summary>Groups of a stage.</summary>
    public int StageGroups => Tile.StageColumns / M;

    /// <summary>Steps of a stage.</summary>
    public int StageSteps => StageGroups / StepGroups;

    /// <summary>Weights of a row in a step.</summary>
    public int StepWeights => StepGroups * N;

    /// <summary>Places in a word.</summary>
    public int WordPlaces => WordBits / PlaceBits;

    /// <summary>Words of a row in a step.</summary>
    public int StepWords => ((StepWeights - 1) / WordPlaces) + 1;

    public override int SharedBytes => StageGroups * (M + 1) * RowBytes;
}
