using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>
/// What a plan predicts of an innermost loop: the instructions of one turn on a target whose multiply-adds take a lane of a vector and whose
/// loads come in pairs (NEON), if every sum stays in a register and nothing is computed twice. Tests count those that the compiler at run time
/// makes of the emitted text, and compare.
/// </summary>
/// <param name="Name">Which of a kernel's loops, in their order in the text.</param>
/// <param name="Products">Multiply-adds: a weight times a vector of samples, or a vector of weights times activations of one sample.</param>
/// <param name="Loads">Of weights, activations and columns.</param>
/// <param name="Others">What else is done with vectors: look-ups, additions and stores.</param>
/// <param name="Addresses">Columns to addresses.</param>
/// <param name="Control">Pointers and counters that move, a comparison, a branch.</param>
internal sealed record InnerLoop(string Name, int Products, int Loads, int Others, int Addresses, int Control = InnerLoop.TwoMove)
{
    private const int TwoMove = 4;

    /// <summary>Vectors from a pointer on that loads of two can reach.</summary>
    private const int PairsReach = 64;

    /// <summary>All that a turn takes.</summary>
    public int Instructions => Products + Loads + Others + Addresses + Control;

    /// <summary>The loops of a body that takes so many vectors of samples at a time; a kernel of the latency regime takes one sample.</summary>
    public static IReadOnlyList<InnerLoop> Of(KernelPlan plan, int vectors) => plan switch
    {
        PanelCsrPlan => Pairs(vectors, weights: 2, gradient: false),
        PanelTilePlan tile => [Tile(tile, vectors)],
        VectorWindowPlan window => [new("windows", window.Steps, 1 + Window(window.Window, 0) + Steps(window.Steps), window.Steps, 2, TwoMove + 2)],
        VectorGroupPlan group => [Group(group)],
        VectorBlockPlan block => [Block(block)],
        VectorColumnPlan column => [.. Columns(column)],
        _ => throw new InvalidOperationException($"No prediction for {plan}."),
    };

    /// <summary>The loops of the weight gradient: the lanes' sums are added at the end of each, and stored.</summary>
    public static IReadOnlyList<InnerLoop> Of(SampledPlan plan, int vectors) => Pairs(vectors, weights: 0, gradient: true);

    private static InnerLoop[] Pairs(int vectors, int weights, bool gradient)
    {
        var load = Vectors(vectors);
        // A gradient's sums are added, once a row, and stored; its columns are scaled by a stride that isn't known beforehand.
        var (pair, own, address) = gradient ? (3, 2, 2) : (0, 0, 1);
        return
        [
            new("shared", 2 * vectors, Factors(weights) + 1 + load, pair, address),
            new("apart", 2 * vectors, Factors(weights) + 2 + (2 * load), pair, 2 * address),
            new("beyond", vectors, Factors(weights / 2) + 1 + load, own, address),
        ];
    }

    private static InnerLoop Tile(PanelTilePlan plan, int vectors)
    {
        var (products, loads) = (plan.PassRows * vectors, Vectors(vectors) + Factors(plan.PassRows));
        return plan.IsUnrolled
            ? new("blocks", plan.Columns * products, 1 + (plan.Columns * loads), 0, 2)
            : new("columns", products, loads, 0, 0);
    }

    private static InnerLoop Group(VectorGroupPlan plan)
    {
        var steps = plan.Reaches * plan.Steps;
        var windows = plan.Columns == plan.Reach.Columns
            ? Vectors(plan.Reaches * plan.Columns / plan.Target.Lanes)
            : Enumerable.Range(0, plan.Reaches).Sum(reach => Window(plan.Reach, reach * plan.Columns));
        return new("reaches", steps, windows + Steps(steps), steps, 2, TwoMove + 1);
    }

    private static InnerLoop Block(VectorBlockPlan plan)
    {
        var vectors = plan.StepVectors / plan.Together;
        var windows = plan.Rows == 1 || plan.VectorColumns == 1 ? 0 : ((vectors * plan.VectorColumns) - 1) / plan.Reach.Columns + 1;
        var activations = windows > 0 ? windows * Window(plan.Reach, 0) : plan.VectorColumns == 1 ? Factors(vectors) : Vectors(vectors);
        var address = plan.VectorColumns == 1 && plan.Rows > 1 ? Address(vectors) : windows == 1 ? 1 : 2;
        return new(
            "blocks", plan.StepVectors, (plan.Together * (1 + activations)) + Vectors(plan.StepVectors), windows > 0 ? plan.StepVectors : 0, plan.Together * address);
    }

    private static IEnumerable<InnerLoop> Columns(VectorColumnPlan plan)
    {
        var vectors = plan.Rows / plan.Target.Lanes;
        if (plan.IsUnrolled)
        {
            foreach (var blocks in plan.Together > 1 ? new[] { plan.Together, 1 } : [1])
            {
                var products = blocks * plan.Columns * vectors;
                yield return new(
                    blocks > 1 ? "blocks together" : "blocks", products, (blocks * (1 + Factors(plan.Columns))) + Vectors(products), 0, blocks * Address(plan.Columns), blocks > 1 ? TwoMove + 1 : TwoMove);
            }

            yield break;
        }

        yield return new("columns", VectorColumnPlan.Turn * vectors, Factors(VectorColumnPlan.Turn) + Vectors(VectorColumnPlan.Turn * vectors), 0, 1);
        if (plan.IsDense || plan.Columns % VectorColumnPlan.Turn > 0)
        {
            yield return new("columns left", vectors, 1 + Vectors(vectors), 0, 0);
        }
    }

    /// <summary>Loads of neighbouring vectors: two at a time.</summary>
    private static int Vectors(int count) => ((Math.Min(count, PairsReach) + 1) / 2) + Math.Max(0, count - PairsReach);

    /// <summary>Loads of neighbouring factors: four at a time, then two, then one.</summary>
    private static int Factors(int count) => (count / 4) + (count % 4 / 2) + (count % 2);

    /// <summary>What an address of neighbouring factors takes: the load of a float widens, scales and adds the column itself, a single load of more adds it.</summary>
    private static int Address(int factors) => factors == 1 ? 0 : Factors(factors) == 1 ? 1 : 2;

    /// <summary>Loads of the weights and columns of padded steps.</summary>
    private static int Steps(int count) => 2 * Vectors(count);

    /// <summary>Loads of a window's registers, which pair where their distance from the pointer is a whole number of vectors.</summary>
    private static int Window(Reach reach, int offset) => offset % Target.Neon.Lanes == 0 ? Vectors(reach.Columns / Target.Neon.Lanes) : reach.Columns / Target.Neon.Lanes;
}
