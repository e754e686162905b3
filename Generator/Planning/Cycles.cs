using System.Collections.Immutable;

namespace KernelGen.Generator.Planning;

/// <summary>The cycles of a target's kernels on one kind of processor: those of a whole panel, or of one sample.</summary>
/// <param name="Csr">Of the variants of panel CSR, in their order.</param>
/// <param name="Windows">Of the variants of windows, in their order.</param>
/// <param name="DenseMultiplyAdd">Cycles of a multiply-add in a dense panel tile.</param>
/// <param name="BlockMultiplyAdd">Cycles of a multiply-add in a panel tile over blocks.</param>
/// <param name="TileStore">Cycles of starting and storing one of its sums.</param>
/// <param name="ColumnMultiplyAdd">Cycles of a multiply-add where weights stream column by column.</param>
/// <param name="ColumnVisit">Cycles that a block costs besides.</param>
/// <param name="LaneBlockRow">Cycles that a row of blocks costs whose columns share a vector.</param>
/// <param name="LaneBlockVector">Cycles of a vector of their weights.</param>
/// <param name="GroupStep">Cycles of a step of N:M with rows in lanes.</param>
internal sealed record Cycles(
    ImmutableArray<KernelCost> Csr,
    ImmutableArray<KernelCost> Windows,
    double DenseMultiplyAdd,
    double BlockMultiplyAdd,
    double TileStore,
    double ColumnMultiplyAdd,
    double ColumnVisit,
    double LaneBlockRow,
    double LaneBlockVector,
    double GroupStep);
