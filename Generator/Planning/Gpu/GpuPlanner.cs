using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning.Gpu;

/// <summary>Chooses the GPU kernels of a kind; pure, and the only place that does.</summary>
internal static class GpuPlanner
{
    /// <summary>Rows that a warp sums at a time: with 4 samples a lane, 32 sums in registers.</summary>
    private const int MostWarpRows = 8;

    private const int MostWarps = 8;

    /// <summary>Columns of a stage: 32 KB with 128 samples, so that several groups share a multiprocessor of any kind.</summary>
    private const int MostStageColumns = 64;

    /// <summary>Columns of a dense stage, whose weights take room, too.</summary>
    private const int DenseStageColumns = 32;

    /// <summary>A block is written out: at most so many columns of one.</summary>
    private const int MostBlockColumns = 8;

    /// <summary>Four bits of a place reach so many columns, and the row of zeros behind them.</summary>
    private const int MostNibbleColumns = 15;

    /// <summary>The kernels of a kind: four samples a lane for large batches, one for small ones.</summary>
    public static IReadOnlyList<GpuKernelPlan> Plan(KernelKind kind) => [Plan(kind, 4), Plan(kind, 1)];

    private static GpuKernelPlan Plan(KernelKind kind, int samples) => kind.Pattern switch
    {
        DenseSpec => new GpuTilePlan(kind, Warps(kind, MostWarpRows), MostWarpRows, samples, DenseStageColumns, 1),
        BlockSpec block => Block(kind, samples, block),
        NMSpec p when p.M <= MostStageColumns => Group(kind, samples, p),
        _ => new GpuCsrPlan(kind, Warps(kind, MostWarpRows), MostWarpRows, samples, MostStageColumns, GpuCosts.Csr),
    };

    private static GpuKernelPlan Block(KernelKind kind, int samples, BlockSpec block)
    {
        var rows = LargestDivisor(block.Rows, MostWarpRows);
        var columns = LargestDivisor(block.Columns, MostBlockColumns);
        if (rows * columns == 1)
        {
            return new GpuCsrPlan(kind, Warps(kind, MostWarpRows), MostWarpRows, samples, MostStageColumns, GpuCosts.Csr);
        }

        var warpRows = MostWarpRows / rows * rows;
        var stage = MostStageColumns / columns * columns;
        return new GpuBlockPlan(kind, Warps(kind, warpRows), warpRows, samples, stage, GpuCosts.Block(rows), rows, columns);
    }

    private static GpuGroupPlan Group(KernelKind kind, int samples, NMSpec pattern)
    {
        var bits = pattern.M <= MostNibbleColumns ? 4 : 8;
        var stepGroups = Math.Max(1, Math.Min(32 / bits / pattern.N, MostStageColumns / pattern.M));
        var step = stepGroups * pattern.M;
        // Shared memory holds the rows of zeros, too: with groups of 2, half as many again.
        var most = Math.Max(step, MostStageColumns * pattern.M / (pattern.M + 1) / step * step);
        var stages = ((kind.In - 1) / most) + 1;
        // No wider than the layer needs: steps are not counted, so that those beyond it would run.
        var stage = (((kind.In - 1) / stages / step) + 1) * step;
        return new GpuGroupPlan(
            kind, Warps(kind, MostWarpRows), MostWarpRows, samples, stage, GpuCosts.Group, pattern.N, pattern.M, stepGroups, bits);
    }

    /// <summary>As many as the layer has rows for.</summary>
    private static int Warps(KernelKind kind, int warpRows) => Math.Min(MostWarps, ((kind.Out - 1) / warpRows) + 1);

    private static int LargestDivisor(int value, int most)
        => Enumerable.Range(1, Math.Min(value, most)).Last(divisor => value % divisor == 0);
}
