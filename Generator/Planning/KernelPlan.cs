using System;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Planning;

/// <summary>One kernel to emit: all decisions made, no text yet.</summary>
/// <param name="Kind">Shape, pattern, activation.</param>
/// <param name="Target">The instruction set.</param>
/// <param name="Cost">What the kernel is estimated to take.</param>
internal abstract record KernelPlan(KernelKind Kind, Target Target, KernelCost Cost)
{
    /// <summary>The emitted method; no two plans of a kind and target share one.</summary>
    public abstract string Method { get; }
}

/// <summary>Throughput, batch in lanes: pairs of rows, CSR in blocks of columns whose slice of the panel stays in L1.</summary>
/// <param name="BlockColumns">Columns of a block.</param>
/// <param name="Vectors">Vectors of samples summed at a time, for both rows of a pair.</param>
internal sealed record PanelCsrPlan(KernelKind Kind, Target Target, KernelCost Cost, int BlockColumns, int Vectors)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => $"Panel{Literal.Of(BlockColumns)}";

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
    KernelKind Kind, Target Target, KernelCost Cost, int Rows, int Columns, int PassRows, int Vectors)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => "Panel";

    public bool IsDense => Columns == 0;
}

/// <summary>Latency, rows in lanes: windows of activations in registers, permuted to the rows' columns.</summary>
/// <param name="Window">What a permute can choose among.</param>
/// <param name="Steps">Steps of a window.</param>
internal sealed record VectorWindowPlan(KernelKind Kind, Target Target, KernelCost Cost, Reach Window, int Steps)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => $"Vector{Literal.Of(Steps)}";
}

/// <summary>Latency, rows in lanes: N:M, whose rows have equally many steps in each reach of columns, so that nothing is counted.</summary>
/// <param name="Reach">What a permute can choose among.</param>
/// <param name="Columns">Columns of a reach that are used: whole groups.</param>
/// <param name="Steps">Steps of a reach.</param>
/// <param name="Reaches">Reaches whose steps' columns share words.</param>
internal sealed record VectorGroupPlan(
    KernelKind Kind, Target Target, KernelCost Cost, Reach Reach, int Columns, int Steps, int Reaches)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => "Vector";
}

/// <summary>Latency, rows and neighbouring columns of a block in lanes, which are added row by row at the end.</summary>
/// <param name="Rows">Rows of a stored block, a divisor of the lanes.</param>
/// <param name="Columns">Columns of a stored block.</param>
/// <param name="StoredColumns">Columns that its values take: half a vector, or whole ones.</param>
/// <param name="Together">Blocks of a step.</param>
/// <param name="Reach">What spreads activations over rows.</param>
internal sealed record VectorBlockPlan(
    KernelKind Kind, Target Target, KernelCost Cost, int Rows, int Columns, int StoredColumns, int Together, Reach Reach)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => "Vector";

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
internal sealed record VectorColumnPlan(KernelKind Kind, Target Target, KernelCost Cost, int Rows, int Columns, int Chains)
    : KernelPlan(Kind, Target, Cost)
{
    public override string Method => "Vector";

    public bool IsDense => Columns == 0;
}
