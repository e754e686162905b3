using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>Chooses the kernels of a kind for a target; pure, and the only place that does.</summary>
internal static class Planner
{
    /// <summary>A tile of a latency kernel holds at most this many vectors of rows.</summary>
    private const int MostRowVectors = 8;

    /// <summary>A block that shares lanes is stored in parts of at most this many vectors, which are written out.</summary>
    private const int MostBlockVectors = 8;

    /// <summary>Bytes of a weight that windows take, at best.</summary>
    private const double MostBlockBytes = 6;

    /// <summary>Blocks that share lanes go together until they fill as many vectors, each with a sum of its own.</summary>
    private const int BlockSums = 2;

    /// <summary>From so many rows on, a panel tile shares its loads of activations among more rows than a pair does.</summary>
    private const int TallRows = 4;

    /// <summary>Rows that a pass over a block sums at most: each is written out.</summary>
    private const int MostPassRows = 8;

    /// <summary>Fused multiply-adds have a latency of 4 and start every cycle: fewer sums than this leave the unit idle.</summary>
    private const int EnoughChains = 4;

    /// <summary>The kernels of a kind: the variants for the throughput regime, then those for the latency regime.</summary>
    public static IReadOnlyList<KernelPlan> Plan(KernelKind kind, Target target) => [.. Panels(kind, target), .. Vectors(kind, target)];

    private static IEnumerable<KernelPlan> Panels(KernelKind kind, Target target) => kind.Pattern switch
    {
        DenseSpec => [PanelDense(target)],
        BlockSpec block when PassRows(block, target) is { } passRows => [PanelBlock(target, block, passRows)],
        // N:M bounds the nonzeros of a group but not their places: with the batch in lanes it runs as unstructured. So do flat blocks: what
        // their rows have in common, pairs of rows share.
        _ => PanelCsr(kind, target),
    };

    private static PanelTilePlan PanelDense(Target target)
    {
        var row = VariantTable.For(target);
        var sums = row.DenseRows * target.PanelVectors;
        var costs = row.Costs(cycles => new KernelCost(sums * cycles.TileStore, sums * cycles.DenseMultiplyAdd));
        return new(target, costs, row.DenseRows, 0, row.DenseRows, row.DenseVectors);
    }

    /// <summary>Wider blocks of columns than a layer has would repeat the variant before.</summary>
    private static IEnumerable<KernelPlan> PanelCsr(KernelKind kind, Target target)
    {
        var row = VariantTable.For(target);
        return row.Csr
            .Select((variant, i) => new PanelCsrPlan(
                target, row.Costs(cycles => cycles.Csr[i]), variant.Columns, variant.Vectors, kind.Out > ushort.MaxValue))
            .Where((plan, i) => i == 0 || Blocks(kind, plan.BlockColumns) < Blocks(kind, row.Csr[i - 1].Columns));
    }

    /// <summary>Blocks over all columns.</summary>
    private static int Blocks(KernelKind kind, int columns) => ((kind.In - 1) / columns) + 1;

    private static PanelTilePlan PanelBlock(Target target, BlockSpec block, int passRows)
    {
        var row = VariantTable.For(target);
        var vectors = PassVectors(passRows, target);
        var sums = (double)block.Rows * target.PanelVectors;
        var costs = row.Costs(cycles => new KernelCost(sums * cycles.TileStore, sums * block.Columns * cycles.BlockMultiplyAdd));
        return new PanelTilePlan(target, costs, block.Rows, block.Columns, passRows, vectors);
    }

    /// <summary>Rows of a block that are summed at a time, so that a product takes the fewest loads; at least two vectors share a weight. Null where they would be too few.</summary>
    private static int? PassRows(BlockSpec block, Target target)
        => Divisors(block.Rows, Math.Min(MostPassRows, target.Accumulators / 2))
            .Where(rows => rows >= TallRows)
            .OrderBy(rows => LoadsPerProduct(rows, PassVectors(rows, target)))
            .Select(rows => (int?)rows)
            .FirstOrDefault();

    /// <summary>A pass loads each of its weights and activations once, and multiplies each by each.</summary>
    private static double LoadsPerProduct(int rows, int vectors) => (double)(rows + vectors) / (rows * vectors);

    private static int PassVectors(int rows, Target target) => LargestPowerOfTwo(Math.Min(target.PanelVectors, target.Accumulators / rows));

    private static IEnumerable<KernelPlan> Vectors(KernelKind kind, Target target)
    {
        var row = VariantTable.For(target);
        switch (kind.Pattern)
        {
            case DenseSpec:
                var tile = TileVectors((kind.Out + target.Lanes - 1) / target.Lanes);
                var dense = row.Costs(cycles => new KernelCost(cycles.ColumnVisit, tile * cycles.ColumnMultiplyAdd));
                return [new VectorColumnPlan(target, dense, tile * target.Lanes, 0, Chains(tile))];
            case BlockSpec block when block.Rows > target.Lanes && block.Rows % target.Lanes == 0 && block.Rows / target.Lanes <= MostRowVectors:
                var vectors = block.Rows / target.Lanes;
                var tall = row.Costs(cycles => new KernelCost(cycles.ColumnVisit, (vectors * block.Columns * cycles.ColumnMultiplyAdd) + cycles.ColumnVisit));
                return [new VectorColumnPlan(target, tall, block.Rows, block.Columns, Chains(vectors))];
            case BlockSpec block when VectorBlocks(target, block) is { } plan:
                return [plan];
            case NMSpec p when p.M <= target.Window.Columns:
                return [VectorGroups(target, p)];
            default:
                return row.WindowSteps.Select((steps, i) => new VectorWindowPlan(target, row.Costs(cycles => cycles.Windows[i]), target.Window, steps));
        }
    }

    /// <summary>
    /// A block is stored in the equal parts that take the fewest bytes, of as many rows as share the lanes evenly, padded to half a vector or whole
    /// ones; null where windows take fewer.
    /// </summary>
    private static VectorBlockPlan? VectorBlocks(Target target, BlockSpec block)
    {
        var rows = Divisors(block.Rows, target.Lanes).Last(divisor => target.Lanes % divisor == 0);
        var vectorColumns = target.Lanes / rows;
        var (columns, stored) = Divisors(block.Columns, MostBlockVectors * vectorColumns)
            .Select(part => (Columns: part, Stored: StoredColumns(part, vectorColumns, target)))
            .OrderBy(part => BytesPerWeight(rows, part.Columns, part.Stored))
            .First();
        if (BytesPerWeight(rows, columns, stored) > MostBlockBytes)
        {
            return null;
        }

        var together = Math.Max(1, BlockSums * target.Lanes / (rows * stored));
        var reach = target.Reaches.First(candidate => candidate.Columns >= Math.Min(stored, vectorColumns));
        var costs = VariantTable.For(target).Costs(
            cycles => new KernelCost(cycles.LaneBlockRow, cycles.LaneBlockVector * rows * stored / target.Lanes));
        return new VectorBlockPlan(target, costs, rows, columns, stored, together, reach);
    }

    /// <summary>Bytes of values, and of a block's first column.</summary>
    private static double BytesPerWeight(int rows, int columns, int stored) => ((4.0 * stored * rows) + 4) / (rows * columns);

    private static int StoredColumns(int columns, int vectorColumns, Target target)
        => target.JoinsHalves && columns <= vectorColumns / 2
            ? vectorColumns / 2
            : (columns + vectorColumns - 1) / vectorColumns * vectorColumns;

    /// <summary>Reaches of whole groups: every row has the same number of steps in each.</summary>
    private static VectorGroupPlan VectorGroups(Target target, NMSpec pattern)
    {
        var reach = target.Reaches.First(candidate => candidate.Columns >= pattern.M);
        var groups = reach.Columns / pattern.M;
        var steps = groups * pattern.N;
        // As many as fill a word; where a word holds one step, as many as a window has room for.
        var reaches = reach.Index.StepsPerWord() == 1 ? target.Window.Columns / reach.Columns : Math.Max(1, reach.Index.StepsPerWord() / steps);
        var costs = VariantTable.For(target).Costs(cycles => new KernelCost(cycles.ColumnVisit, reaches * steps * cycles.GroupStep));
        return new VectorGroupPlan(target, costs, reach, groups * pattern.M, steps, reaches);
    }

    private static int Chains(int vectors) => vectors >= EnoughChains ? 1 : vectors >= 2 ? 2 : EnoughChains;

    /// <summary>The tile height, in vectors, that wastes the fewest padding rows; the tallest of equals.</summary>
    private static int TileVectors(int vectors)
        => vectors <= MostRowVectors
            ? vectors
            : Enumerable.Range(EnoughChains, MostRowVectors - EnoughChains + 1)
                .OrderBy(tile => (vectors + tile - 1) / tile * tile)
                .ThenByDescending(tile => tile)
                .First();

    private static IEnumerable<int> Divisors(int value, int most)
        => Enumerable.Range(1, Math.Min(value, most)).Where(divisor => value % divisor == 0);

    private static int LargestPowerOfTwo(int most)
    {
        var power = 1;
        while (power * 2 <= most)
        {
            power *= 2;
        }

        return power;
    }
}
