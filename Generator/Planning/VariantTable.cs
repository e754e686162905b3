using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The measured choices, one row a target: tiles, the variants that are emitted, and the cycles from which the runtime estimates which is the
/// fastest. They are fitted to the times of whole kernels, so that each also stands for what the model leaves out (the benchmark "planning" checks the
/// choices against measurements).
/// </summary>
internal static class VariantTable
{
    private static readonly IReadOnlyList<Row> Rows =
    [
        new(Target.Scalar, DenseRows: 4, DenseVectors: 2, Csr: [new(1024, 4)], WindowSteps: [4], Cycles: new(
            Csr: [new(12, 5.7, 10.7)], Windows: [new(7, 5)],
            DenseMultiplyAdd: 0.66, BlockMultiplyAdd: 0.77, TileStore: 1.6, ColumnMultiplyAdd: 0.62, ColumnVisit: 2.5, LaneBlockRow: 8, LaneBlockVector: 1.1, GroupStep: 1.1)),
        // Not measured on silicon: cautious.
        new(Target.Neon, DenseRows: 6, DenseVectors: 4, Csr: [new(128, 8)], WindowSteps: [2], Cycles: new(
            Csr: [new(25, 9, 13)], Windows: [new(20, 6)],
            DenseMultiplyAdd: 0.55, BlockMultiplyAdd: 0.7, TileStore: 1.6, ColumnMultiplyAdd: 1, ColumnVisit: 1, LaneBlockRow: 15, LaneBlockVector: 1.9, GroupStep: 2.2)),
        new(Target.Avx2, DenseRows: 6, DenseVectors: 2, Csr: [new(128, 4), new(256, 4)], WindowSteps: [2],
            Zen4: new(
                Csr: [new(24, 6.2, 9.2), new(22, 7.2, 10.7)], Windows: [new(20, 5.4)],
                DenseMultiplyAdd: 0.545, BlockMultiplyAdd: 0.58, TileStore: 1.6, ColumnMultiplyAdd: 1, ColumnVisit: 0.5, LaneBlockRow: 15, LaneBlockVector: 1.4, GroupStep: 1.2),
            Xeon: new(
                Csr: [new(31, 4.3, 9.2), new(29, 6, 10)], Windows: [new(46, 5.7)],
                DenseMultiplyAdd: 0.5, BlockMultiplyAdd: 0.61, TileStore: 0.82, ColumnMultiplyAdd: 0.84, ColumnVisit: 0.65, LaneBlockRow: 3.1, LaneBlockVector: 1.5, GroupStep: 2)),
        new(Target.Avx512, DenseRows: 6, DenseVectors: 4, Csr: [new(128, 4), new(256, 2)], WindowSteps: [3, 1],
            Zen4: new(
                Csr: [new(23, 4.9, 8), new(22.5, 6.3, 10.2)], Windows: [new(45, 9.3), new(55, 6.2)],
                DenseMultiplyAdd: 1.02, BlockMultiplyAdd: 1.02, TileStore: 1.6, ColumnMultiplyAdd: 1.2, ColumnVisit: 0.6, LaneBlockRow: 4, LaneBlockVector: 2, GroupStep: 2),
            Xeon: new(
                Csr: [new(29, 2.4, 4.5), new(31, 3.8, 8.6)], Windows: [new(33, 7.4), new(24, 6.2)],
                DenseMultiplyAdd: 0.5, BlockMultiplyAdd: 0.51, TileStore: 1.6, ColumnMultiplyAdd: 1.2, ColumnVisit: 0.6, LaneBlockRow: 4, LaneBlockVector: 2, GroupStep: 1.3)),
    ];

    public static Row For(Target target)
        => Rows.FirstOrDefault(row => row.Target == target) ?? throw new InvalidOperationException($"No variants for {target.Name}.");

    /// <summary>Panel CSR.</summary>
    /// <param name="Columns">Columns of a block: their slice of the samples that are summed at a time should stay in L1.</param>
    /// <param name="Vectors">Vectors of samples summed at a time.</param>
    internal sealed record Csr(int Columns, int Vectors);

    /// <summary>A target's choices, and what they take on each kind of processor.</summary>
    /// <param name="Target">The instruction set.</param>
    /// <param name="DenseRows">Rows of a dense panel tile.</param>
    /// <param name="DenseVectors">Vectors of samples of a dense panel tile.</param>
    /// <param name="Csr">Variants of panel CSR, fewest columns first.</param>
    /// <param name="WindowSteps">Variants of windows that move along the rows, by their steps: more share a window's load, fewer are padding.</param>
    /// <param name="Zen4">Cycles of AMD's Zen 4.</param>
    /// <param name="Xeon">Cycles of Intel's Xeons from Ice Lake on.</param>
    internal sealed record Row(
        Target Target, int DenseRows, int DenseVectors, ImmutableArray<Csr> Csr, ImmutableArray<int> WindowSteps, Cycles Zen4, Cycles Xeon)
    {
        /// <summary>A row whose kernels compare alike on every processor.</summary>
        public Row(Target Target, int DenseRows, int DenseVectors, ImmutableArray<Csr> Csr, ImmutableArray<int> WindowSteps, Cycles Cycles)
            : this(Target, DenseRows, DenseVectors, Csr, WindowSteps, Cycles, Cycles)
        {
        }

        /// <summary>What a kernel takes, from the cycles of each kind of processor.</summary>
        public KernelCosts Costs(Func<Cycles, KernelCost> cost) => new(cost(Zen4), cost(Xeon));
    }
}
