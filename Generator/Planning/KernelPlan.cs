using System;
using System.Collections.Generic;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>
/// One kernel to emit: all decisions made, no text yet. A layer's shape and activation aren't part of it: they are the type parameters of what is
/// emitted, so that layers share its text, and the compiler at run time makes constants of them.
/// </summary>
/// <param name="Target">The instruction set.</param>
/// <param name="Costs">What the kernel is estimated to take, on each kind of processor.</param>
internal abstract record KernelPlan(Target Target, KernelCosts Costs)
{
    /// <summary>The loop skeleton, such as "PanelCsr".</summary>
    public abstract string Skeleton { get; }

    /// <summary>The variant, such as "Columns128"; no two plans of a skeleton and target share one.</summary>
    public abstract string Variant { get; }

    /// <summary>The emitted loops, such as "Pairs": plans that share them differ in their type arguments alone.</summary>
    public virtual string Body => Variant;

    /// <summary>Whether it is a kernel of the throughput regime.</summary>
    public abstract bool IsPanel { get; }

    /// <summary>The strips that the loops are compiled for; none where the loops are an instruction set's own.</summary>
    public virtual IReadOnlyList<Strip> Strips => [];

    /// <summary>Whether all instruction sets share the loops.</summary>
    public bool IsShared => Strips.Count > 0;

    /// <summary>The emitted class.</summary>
    public string ClassName => IsShared ? Skeleton : Skeleton + Target.Name;

    /// <summary>The emitted member that describes the kernel to the runtime.</summary>
    public string Entry => IsShared ? Target.Name + Variant : Variant;
}

/// <summary>Throughput, batch in lanes: pairs of rows, CSR in blocks of columns whose slice of the panel stays in L1.</summary>
/// <param name="BlockColumns">Columns of a block.</param>
/// <param name="Vectors">Vectors of samples summed at a time, for both rows of a pair.</param>
/// <param name="WideCounts">Whether row numbers need more than 16 bits.</param>
internal sealed record PanelCsrPlan(Target Target, KernelCosts Costs, int BlockColumns, int Vectors, bool WideCounts)
    : KernelPlan(Target, Costs)
{
    public override string Skeleton => "PanelCsr";

    public override string Variant => $"Columns{Literal.Of(BlockColumns)}{(WideCounts ? "ManyRows" : "")}";

    public override string Body => WideCounts ? "PairsManyRows" : "Pairs";

    public override bool IsPanel => true;

    public override IReadOnlyList<Strip> Strips => [new(Target, Vectors), new(Target, 1)];
}

/// <summary>Throughput, batch in lanes: tiles of rows x vectors whose sums stay in registers; dense, or over the active blocks.</summary>
/// <param name="Rows">Rows of a stored tile or block.</param>
/// <param name="Columns">Columns of a block; 0 for a dense tile, which spans all columns.</param>
/// <param name="PassRows">Rows summed at a time, a divisor of Rows.</param>
/// <param name="Vectors">Vectors of samples summed at a time.</param>
internal sealed record PanelTilePlan(
    Target Target, KernelCosts Costs, int Rows, int Columns, int PassRows, int Vectors)
    : KernelPlan(Target, Costs)
{
    /// <summary>A block with at most this many weights in a pass is written out; a larger one loops over its columns.</summary>
    private const int MostUnrolled = 16;

    public override string Skeleton => "PanelTiles";

    public override string Variant => IsDense ? "Dense" : $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

    public override string Body => IsDense ? $"Dense{Literal.Of(Rows)}" : PassRows == Rows ? Variant : $"{Variant}By{Literal.Of(PassRows)}";

    public override bool IsPanel => true;

    public override IReadOnlyList<Strip> Strips => [new(Target, Vectors), new(Target, 1)];

    public bool IsDense => Columns == 0;

    /// <summary>Whether a block is written out, column by column.</summary>
    public bool IsUnrolled => !IsDense && (long)Columns * PassRows <= MostUnrolled;
}

/// <summary>Latency, rows in lanes: windows of activations in registers, permuted to the rows' columns.</summary>
/// <param name="Window">What a permute can choose among.</param>
/// <param name="Steps">Steps of a window.</param>
internal sealed record VectorWindowPlan(Target Target, KernelCosts Costs, Reach Window, int Steps)
    : KernelPlan(Target, Costs)
{
    public override string Skeleton => "VectorWindows";

    public override string Variant => $"Steps{Literal.Of(Steps)}";

    public override bool IsPanel => false;
}

/// <summary>Latency, rows in lanes: N:M, whose rows have equally many steps in each reach of columns, so that nothing is counted.</summary>
/// <param name="Reach">What a permute can choose among.</param>
/// <param name="Columns">Columns of a reach that are used: whole groups.</param>
/// <param name="Steps">Steps of a reach.</param>
/// <param name="Reaches">Reaches whose steps' columns share words.</param>
internal sealed record VectorGroupPlan(
    Target Target, KernelCosts Costs, Reach Reach, int Columns, int Steps, int Reaches)
    : KernelPlan(Target, Costs)
{
    public override string Skeleton => "VectorGroups";

    public override string Variant => $"Keep{Literal.Of(Steps)}of{Literal.Of(Columns)}";

    public override bool IsPanel => false;
}

/// <summary>Latency, rows and neighbouring columns of a block in lanes, which are added row by row at the end.</summary>
/// <param name="Rows">Rows of a stored block, a divisor of the lanes.</param>
/// <param name="Columns">Columns of a stored block.</param>
/// <param name="StoredColumns">Columns that its values take: half a vector, or whole ones.</param>
/// <param name="Together">Blocks of a step.</param>
/// <param name="Reach">What spreads activations over rows.</param>
internal sealed record VectorBlockPlan(
    Target Target, KernelCosts Costs, int Rows, int Columns, int StoredColumns, int Together, Reach Reach)
    : KernelPlan(Target, Costs)
{
    public override string Skeleton => "VectorBlocks";

    public override string Variant => $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

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
internal sealed record VectorColumnPlan(Target Target, KernelCosts Costs, int Rows, int Columns, int Chains)
    : KernelPlan(Target, Costs)
{
    /// <summary>Columns that a turn of a loop over columns takes: as many as share a load of activations, or have chains of their own.</summary>
    public const int Turn = 4;

    /// <summary>Blocks with at most so many columns are written out.</summary>
    private const int MostUnrolled = 16;

    public override string Skeleton => "VectorColumns";

    public override string Variant => IsDense ? $"Dense{Literal.Of(Rows)}" : $"Block{Literal.Of(Rows)}x{Literal.Of(Columns)}";

    public override string Body
        => (IsDense ? "Dense" : $"Blocks{Literal.Of(Columns)}") + (Strips.Count > 1 ? "TwoStrips" : Chains > 1 ? $"In{Literal.Of(Chains)}Chains" : "");

    public override bool IsPanel => false;

    /// <summary>What a tile has beyond a strip is a second one.</summary>
    public override IReadOnlyList<Strip> Strips
    {
        get
        {
            var vectors = Rows / Target.Lanes;
            return vectors <= Strip.MostVectors ? [new(Target, vectors)] : [new(Target, Strip.MostVectors), new(Target, vectors - Strip.MostVectors)];
        }
    }

    public bool IsDense => Columns == 0;

    /// <summary>Whether a block is written out, column by column.</summary>
    public bool IsUnrolled => !IsDense && Columns <= MostUnrolled;

    /// <summary>Blocks of a turn, where blocks are written out: narrow ones fill their chains together.</summary>
    public int Together => IsDense ? 1 : Math.Max(1, Chains / Columns);
}
