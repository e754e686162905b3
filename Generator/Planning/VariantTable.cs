using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The measured choices, one row a target: tiles, blocks of columns, and the densities where dense wins (the benchmark "crossover"
/// prints those).
/// </summary>
internal static class VariantTable
{
    private static readonly IReadOnlyList<Row> Rows =
    [
        new(Target.Scalar, DenseRows: 4, DenseVectors: 2, CsrColumns: 1024, WindowSteps: 4,
            CsrCrossover: 0.85, BlockCrossover: 0.8, WindowCrossover: 0.35, BlockWindowCrossover: 0.2,
            NMPanelCrossover: 0.85, NMVectorCrossover: 0.5, ColumnCrossover: 0.5, LaneBlockCrossover: 0.5),
        // Not measured on silicon: the more cautious of the x64 rows.
        new(Target.Neon, DenseRows: 6, DenseVectors: 4, CsrColumns: 128, WindowSteps: 2,
            CsrCrossover: 0.45, BlockCrossover: 0.7, WindowCrossover: 0.25, BlockWindowCrossover: 0.2,
            NMPanelCrossover: 0.55, NMVectorCrossover: 0.4, ColumnCrossover: 0.5, LaneBlockCrossover: 0.5),
        new(Target.Avx2, DenseRows: 6, DenseVectors: 2, CsrColumns: 128, WindowSteps: 2,
            CsrCrossover: 0.7, BlockCrossover: 0.7, WindowCrossover: 0.4, BlockWindowCrossover: 0.2,
            NMPanelCrossover: 0.6, NMVectorCrossover: 0.75, ColumnCrossover: 0.6, LaneBlockCrossover: 0.65),
        new(Target.Avx512, DenseRows: 6, DenseVectors: 4, CsrColumns: 128, WindowSteps: 3,
            CsrCrossover: 0.6, BlockCrossover: 0.9, WindowCrossover: 0.6, BlockWindowCrossover: 0.5,
            NMPanelCrossover: 0.6, NMVectorCrossover: 0.75, ColumnCrossover: 0.6, LaneBlockCrossover: 0.7),
    ];

    public static Row For(Target target)
        => Rows.FirstOrDefault(row => row.Target == target) ?? throw new InvalidOperationException($"No variants for {target.Name}.");

    /// <summary>A target's choices.</summary>
    /// <param name="Target">The instruction set.</param>
    /// <param name="DenseRows">Rows of a dense panel tile.</param>
    /// <param name="DenseVectors">Vectors of samples of a dense panel tile.</param>
    /// <param name="CsrColumns">Columns of a CSR block: their slice of the panel, 32 KB, stays in L1; times the panel's bytes at most 64 KB.</param>
    /// <param name="WindowSteps">Steps of a window: more share its load, fewer are padding.</param>
    /// <param name="CsrCrossover">Density above which dense beats panel CSR: unstructured, and blocks of fewer than 4 rows.</param>
    /// <param name="BlockCrossover">Density above which dense beats panel tiles of blocks.</param>
    /// <param name="WindowCrossover">Density above which dense beats windows that move along the rows.</param>
    /// <param name="BlockWindowCrossover">The same over small or odd blocks, whose neighbouring columns take several windows.</param>
    /// <param name="NMPanelCrossover">Density above which dense beats panel CSR whose rows are equally long, as N:M gives them.</param>
    /// <param name="NMVectorCrossover">Density above which dense beats groups of N:M with equal steps.</param>
    /// <param name="ColumnCrossover">Density above which dense beats the columns of tall blocks.</param>
    /// <param name="LaneBlockCrossover">Density above which dense beats blocks as tall as a vector or lower.</param>
    internal sealed record Row(
        Target Target,
        int DenseRows,
        int DenseVectors,
        int CsrColumns,
        int WindowSteps,
        double CsrCrossover,
        double BlockCrossover,
        double WindowCrossover,
        double BlockWindowCrossover,
        double NMPanelCrossover,
        double NMVectorCrossover,
        double ColumnCrossover,
        double LaneBlockCrossover);
}
