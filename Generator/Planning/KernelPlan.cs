using System;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>
/// One kernel to emit: all decisions made, no text yet. A layer's shape and activation aren't part of it: they are the type parameters of what is
/// emitted, so that layers share its text, and the compiler at run time makes constants of them.
/// </summary>
/// <param name="Target">The instruction set.</param>
/// <param name="Cost">What the kernel is estimated to take.</param>
internal abstract record KernelPlan(Target Target, KernelCost Cost)
{
    /// <summary>The loop skeleton, such as "PanelCsr".</summary>
    public abstract string Skeleton { get; }

    /// <summary>The emitted method, such as "Columns128"; no two plans of a skeleton and target share one.</summary>
    public abstract string Method { get; }

    /// <summary>Whether it is a kernel of the throughput regime.</summary>
    public abstract bool IsPanel { get; }

    /// <summary>The emitted class.</summary>
    public string ClassName => Skeleton + Target.Name;
}

/// <summary>Throughput, batch in lanes: pairs of rows, CSR in blocks of columns whose slice of the panel stays in L1.</summary>
/// <param name="BlockColumns">Columns of a block.</param>
/// <param name="Vectors">Vectors of samples summed at a time, for both rows of a pair.</param>
/// <param name="WideCounts">Whether row numbers need more than 16 bits.</param>
internal sealed record PanelCsrPlan(Target Target, KernelCost Cost, int BlockColumns, int Vectors, bool WideCounts)
    : KernelPlan(Target, Cost)
{
    public override string Skeleton => "PanelCsr";

    public override string Method => $"Columns{Literal.Of(BlockColumns)}{(WideCounts ? "ManyRows" : "")}";

    public override bool IsPanel => true;
}

/// <summary>Throughput, batch in lanes: tiles of rows x vectors whose sums stay in registers; dense, or over the active blocks.</summary>
/// <param name="Rows">Rows of a stored tile or block.</param>
/// <param name="Columns">Columns of a block; 0 for a dense tile, which spans all columns.</param>
/// <param name="PassRows">Rows summed at a time, a divisor of Rows.</param>
/// <param name="Vectors">Vectors of samples summed at a time.</param>
internal sealed record PanelTilePlan(
    Target Target, KernelCost Cost, int Rows, int Columns, int PassRows, int Vectors)
    : KernelPlan(Target, Cost)
{
    /// <summary>A block with at most this many multiply-adds is written out; a wider one loops over its columns.</summary>
    private const int MostUnrolled = 32;

    public override string Skeleton => "PanelTiles";

    public override string Method => IsDense ? "Dense" : $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

    public override bool IsPanel => true;

    public bool IsDense => Columns == 0;

    /// <summary>Whether a block is written out, column by column, in a body that takes so many vectors of samples.</summary>
    public bool IsUnrolled(int vectors) => !IsDense && (long)Columns * PassRows * vectors <= MostUnrolled;
}

/// <summary>Latency, rows in lanes: windows of activations in registers, permuted to the rows' columns.</summary>
/// <param name="Window">What a permute can choose among.</param>
/// <param name="Steps">Steps of a window.</param>
internal sealed record VectorWindowPlan(Target Target, KernelCost Cost, Reach Window, int Steps)
    : KernelPlan(Target, Cost)
{
    public override string Skeleton => "VectorWindows";

    public override string Method => $"Steps{Literal.Of(Steps)}";

    public override bool IsPanel => false;
}

/// <summary>Latency, rows in lanes: N:M, whose rows have equally many steps in each reach of columns, so that nothing is counted.</summary>
/// <param name="Reach">What a permute can choose among.</param>
/// <param name="Columns">Columns of a reach that are used: whole groups.</param>
/// <param name="Steps">Steps of a reach.</param>
/// <param name="Reaches">Reaches whose steps' columns share words.</param>
internal sealed record VectorGroupPlan(
    Target Target, KernelCost Cost, Reach Reach, int Columns, int Steps, int Reaches)
    : KernelPlan(Target, Cost)
{
    public override string Skeleton => "VectorGroups";

    public override string Method => $"Keep{Literal.Of(Steps)}of{Literal.Of(Columns)}";

    public override bool IsPanel => false;
}

/// <summary>Latency, rows and neighbouring columns of a block in lanes, which are added row by row at the end.</summary>
/// <param name="Rows">Rows of a stored block, a divisor of the lanes.</param>
/// <param name="Columns">Columns of a stored block.</param>
/// <param name="StoredColumns">Columns that its values take: half a vector, or whole ones.</param>
/// <param name="Together">Blocks of a step.</param>
/// <param name="Reach">What spreads activations over rows.</param>
internal sealed record VectorBlockPlan(
    Target Target, KernelCost Cost, int Rows, int Columns, int StoredColumns, int Together, Reach Reach)
    : KernelPlan(Target, Cost)
{
    public override string Skeleton => "VectorBlocks";

    public override string Method => $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

    public override bool IsPanel => false;

    /// <summary>Whether two blocks share a vector.</summary>
    public bool InHalves => Rows * StoredColumns < Target.Lanes;

    /// <summary>Columns of a block in one vector.</summary>
    public int VectorColumns => Math.Min(StoredColumns, Target.Lanes / Rows);

    /// <summary>Vectors of weights of a step.</summary>
    public int StepVectors => Together * Rows * StoredColumns / Target.Lanes;
}

/// <summary>Latency, rows in lanes: column by column of a tile or block, each activation broadcast.</summary>
/// <param name="Rows">Rows of a stored tile or block, a multiple of the lanes.</param>
/// <param name="Columns">Columns of a block; 0 for a dense tile, which spans all columns.</param>
/// <param name="Chains">Independent sums of a row, so that additions needn't wait for each other.</param>
internal sealed record VectorColumnPlan(Target Target, KernelCost Cost, int Rows, int Columns, int Chains)
    : KernelPlan(Target, Cost)
{
    /// <summary>Blocks with at most so many columns are written out.</summary>
    private const int MostUnrolled = 16;

    public override string Skeleton => "VectorColumns";

    public override string Method => IsDense ? $"Dense{Literal.Of(Rows)}" : $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

    public override bool IsPanel => false;

    public bool IsDense => Columns == 0;

    /// <summary>Whether a block is written out, column by column.</summary>
    public bool IsUnrolled => !IsDense && Columns <= MostUnrolled;

    /// <summary>Blocks of a turn, where blocks are written out: narrow ones fill their chains together.</summary>
    public int Together => IsDense ? 1 : Math.Max(1, Chains / Columns);

    /// <summary>Columns of a turn of a loop over columns: each chain has one, and those whose activations share a load stay together.</summary>
    public int Turn => Math.Max(Chains, Target.FactorsTogether);
}
