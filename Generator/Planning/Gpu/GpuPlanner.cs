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

    /// <summary>Warps of a narrow group. Small batches have few samples to share among groups: it takes few rows, so that there are many groups.</summary>
    private const int NarrowWarps = 4;

    /// <summary>Columns of a stage: at most 32 KB, so that several groups share a multiprocessor of any kind.</summary>
    private const int MostStageColumns = 64;

    /// <summary>Columns of a stage of CSR: at a density of 0.1, a row finds 13 nonzeros there.</summary>
    private const int CsrStageColumns = 128;

    /// <summary>Columns of a stage of large blocks: what a thread holds of the next one takes registers, too.</summary>
    private const int LargeBlockStageColumns = 48;

    /// <summary>Weights of a block that a thread may hold, while it works on the block before.</summary>
    private const int MostHeldWeights = 16;

    /// <summary>From so many rows on, blocks take fewer columns: a row of them finds as much work in a stage.</summary>
    private const int TallRows = 4;

    /// <summary>Columns of a dense stage, whose weights take room, too.</summary>
    private const int DenseStageColumns = 32;

    /// <summary>A block is written out: at most so many columns of one.</summary>
    private const int MostBlockColumns = 8;

    /// <summary>Four bits of a place reach so many columns, and the row of zeros behind them.</summary>
    private const int MostNibbleColumns = 15;

    /// <summary>The kernels of a kind, which share a pack: the one for large batches, then the one for small batches.</summary>
    public static IReadOnlyList<GpuKernelPlan> Plan(KernelKind kind) => kind.Pattern switch
    {
        DenseSpec => Both(kind, MostWarpRows, 4, 4, Stage(kind, DenseStageColumns, 4), tile => new GpuTilePlan(kind, tile, 1)),
        BlockSpec block => Blocks(kind, LargestDivisor(block.Rows, MostWarpRows), LargestDivisor(block.Columns, MostBlockColumns)),
        NMSpec p when p.M <= MostStageColumns => Groups(kind, p),
        _ => Csr(kind),
    };

    private static IReadOnlyList<GpuKernelPlan> Csr(KernelKind kind)
        => Both(kind, MostWarpRows, 2, 2, Stage(kind, CsrStageColumns, 1), tile => new GpuCsrPlan(kind, tile, GpuCosts.Csr));

    private static IReadOnlyList<GpuKernelPlan> Blocks(KernelKind kind, int rows, int columns)
    {
        if (rows * columns == 1)
        {
            return Csr(kind);
        }

        // Small blocks are loaded ahead, which takes the registers of half of the samples.
        var isLarge = rows * columns > MostHeldWeights;
        var most = isLarge ? LargeBlockStageColumns : rows >= TallRows ? MostStageColumns : CsrStageColumns;
        return Both(
            kind,
            MostWarpRows / rows * rows,
            Math.Max(rows, 2),
            isLarge ? 4 : 2,
            Stage(kind, most, columns),
            tile => new GpuBlockPlan(kind, tile, GpuCosts.Block(rows, columns), rows, columns, LoadsAhead: !isLarge));
    }

    private static IReadOnlyList<GpuKernelPlan> Groups(KernelKind kind, NMSpec pattern)
    {
        var bits = pattern.M <= MostNibbleColumns ? 4 : 8;
        var stepGroups = Math.Max(1, Math.Min(32 / bits / pattern.N, MostStageColumns / pattern.M));
        var step = stepGroups * pattern.M;
        // Shared memory holds the rows of zeros, too: with groups of 2, half as many again.
        var most = Math.Max(step, MostStageColumns * pattern.M / (pattern.M + 1) / step * step);
        var stages = ((kind.In - 1) / most) + 1;
        // No wider than the layer needs: steps are not counted, so that those beyond it would run.
        var stage = (((kind.In - 1) / stages / step) + 1) * step;
        // In groups of 2 a step has most places: with 4 samples a lane, SM 75 would have too few registers.
        var laneSamples = pattern.M > 2 ? 4 : 2;
        return Both(
            kind, MostWarpRows, 2, laneSamples, stage, tile => new GpuGroupPlan(kind, tile, GpuCosts.Group, pattern.N, pattern.M, stepGroups, bits));
    }

    /// <summary>The wide kernel and the narrow one.</summary>
    private static IReadOnlyList<GpuKernelPlan> Both(
        KernelKind kind, int warpRows, int narrowWarpRows, int laneSamples, int stageColumns, Func<GpuTile, GpuKernelPlan> plan)
    {
        // As many as the layer has rows for.
        var warps = Math.Min(MostWarps, ((kind.Out - 1) / warpRows) + 1);
        var packRows = warps * warpRows;
        var narrowWarps = LargestDivisor(packRows / narrowWarpRows, NarrowWarps);
        return
        [
            plan(new GpuTile(packRows, warps, warpRows, laneSamples, stageColumns)),
            plan(new GpuTile(packRows, narrowWarps, narrowWarpRows, 1, stageColumns)),
        ];
    }

    /// <summary>So many columns, in whole multiples, and no more than the layer has.</summary>
    private static int Stage(KernelKind kind, int most, int multiple) => Math.Min(most / multiple, ((kind.In - 1) / multiple) + 1) * multiple;

    private static int LargestDivisor(int value, int most)
        => Enumerable.Range(1, Math.Min(value, most)).Last(divisor => value % divisor == 0);
}
