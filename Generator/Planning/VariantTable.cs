using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The measured choices, one row a target: tiles, the variants that are emitted, and the cycles from which the runtime estimates which is the
/// fastest (the benchmark "planning" checks them against measurements).
/// </summary>
internal static class VariantTable
{
    private static readonly IReadOnlyList<Row> Rows =
    [
        new(Target.Scalar, DenseRows: 4, DenseVectors: 2,
            Csr: [new(1024, 4, new KernelCost(12, 5.7, 10.7))],
            Windows: [new(4, new KernelCost(7, 5))],
            DenseMultiplyAdd: 0.66, BlockMultiplyAdd: 0.77, TileStore: 1.6, ColumnMultiplyAdd: 0.62, ColumnVisit: 2.5, LaneBlockRow: 8, LaneBlockVector: 1.1, GroupStep: 1.1),
        // Not measured on silicon: cautious.
        new(Target.Neon, DenseRows: 6, DenseVectors: 4,
            Csr: [new(128, 8, new KernelCost(25, 9, 13))],
            Windows: [new(2, new KernelCost(20, 6))],
            DenseMultiplyAdd: 0.55, BlockMultiplyAdd: 0.7, TileStore: 1.6, ColumnMultiplyAdd: 1, ColumnVisit: 1, LaneBlockRow: 15, LaneBlockVector: 1.9, GroupStep: 2.2),
        new(Target.Avx2, DenseRows: 6, DenseVectors: 2,
            Csr: [new(128, 4, new KernelCost(24, 6.2, 9.2)), new(256, 4, new KernelCost(22, 7.2, 10.7))],
            Windows: [new(2, new KernelCost(20, 5.4))],
            DenseMultiplyAdd: 0.545, BlockMultiplyAdd: 0.58, TileStore: 1.6, ColumnMultiplyAdd: 1, ColumnVisit: 0.5, LaneBlockRow: 15, LaneBlockVector: 1.4, GroupStep: 1.2),
        new(Target.Avx512, DenseRows: 6, DenseVectors: 4,
            Csr: [new(128, 4, new KernelCost(23, 4.9, 8)), new(256, 2, new KernelCost(22.5, 6.3, 10.2))],
            Windows: [new(3, new KernelCost(45, 9.3)), new(1, new KernelCost(55, 6.2))],
            DenseMultiplyAdd: 1.02, BlockMultiplyAdd: 1.02, TileStore: 1.6, ColumnMultiplyAdd: 1.2, ColumnVisit: 0.6, LaneBlockRow: 4, LaneBlockVector: 2, GroupStep: 2),
    ];

    public static Row For(Target target)
        => Rows.FirstOrDefault(row => row.Target == target) ?? throw new InvalidOperationException($"No variants for {target.Name}.");

    /// <summary>Panel CSR.</summary>
    /// <param name="Columns">Columns of a block: their slice of the samples that are summed at a time should stay in L1.</param>
    /// <param name="Vectors">Vectors of samples summed at a time.</param>
    /// <param name="Cost">Its cycles.</param>
    internal sealed record Csr(int Columns, int Vectors, KernelCost Cost);

    /// <summary>Windows that move along the rows.</summary>
    /// <param name="Steps">Steps of a window: more share its load, fewer are padding.</param>
    /// <param name="Cost">Its cycles.</param>
    internal sealed record Windows(int Steps, KernelCost Cost);

    /// <summary>A target's choices; cycles are those of a whole panel, or of one sample.</summary>
    /// <param name="Target">The instruction set.</param>
    /// <param name="DenseRows">Rows of a dense panel tile.</param>
    /// <param name="DenseVectors">Vectors of samples of a dense panel tile.</param>
    /// <param name="Csr">Variants of panel CSR, fewest columns first.</param>
    /// <param name="Windows">Variants of windows.</param>
    /// <param name="DenseMultiplyAdd">Cycles of a multiply-add in a dense panel tile.</param>
    /// <param name="BlockMultiplyAdd">Cycles of a multiply-add in a panel tile over blocks.</param>
    /// <param name="TileStore">Cycles of starting and storing one of its sums.</param>
    /// <param name="ColumnMultiplyAdd">Cycles of a multiply-add where weights stream column by column.</param>
    /// <param name="ColumnVisit">Cycles that a block costs besides.</param>
    /// <param name="LaneBlockRow">Cycles that a row of blocks costs whose columns share a vector.</param>
    /// <param name="LaneBlockVector">Cycles of a vector of their weights.</param>
    /// <param name="GroupStep">Cycles of a step of N:M with rows in lanes.</param>
    internal sealed record Row(
        Target Target,
        int DenseRows,
        int DenseVectors,
        ImmutableArray<Csr> Csr,
        ImmutableArray<Windows> Windows,
        double DenseMultiplyAdd,
        double BlockMultiplyAdd,
        double TileStore,
        double ColumnMultiplyAdd,
        double ColumnVisit,
        double LaneBlockRow,
        double LaneBlockVector,
        double GroupStep);
}
