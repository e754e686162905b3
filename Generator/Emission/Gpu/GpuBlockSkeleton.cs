using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Blocks: a warp's block rows one after the other; each activation that is loaded serves all rows of the block.</summary>
internal sealed class GpuBlockSkeleton(SourceWriter writer, GpuBlockPlan plan) : GpuSkeleton(writer, plan)
{
    private const int Quad = 4;

    protected override int StagedRows => plan.StageColumns;

    private int Weights => plan.Rows * plan.Columns;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(plan.GroupRows)} rows by {Literal.Of(plan.GroupSamples)} samples, {Literal.Of(plan.StageColumns)} columns at a time.</summary>",
        "/// <param name=\"starts\">Where the blocks of a group's block rows begin, stage after stage.</param>",
        "/// <param name=\"places\">The blocks' first columns in the stage.</param>",
        "/// <param name=\"values\">The blocks' weights, column by column.</param>",
    ];

    protected override void Declare()
    {
        if (plan.LaneSamples > 1)
        {
            Writer.Line("var samples = x.Cast<Quad>();");
        }

        if (IsInQuads)
        {
            Writer.Line("var weights = values.Cast<Quad>();");
        }

        var blockRows = plan.GroupRows / plan.Rows;
        Writer.Line($"var firstStart = (Grid.IdxY * {Literal.Of(plan.Stages * blockRows)}) + (warp * {Literal.Of(plan.WarpBlocks)});");
    }

    protected override void Multiply()
    {
        Writer.Line($"var start = firstStart + (stage * {Literal.Of(plan.GroupRows / plan.Rows)});");
        Writer.Line("var i = starts[start];");
        for (var block = 0; block < plan.WarpBlocks; block++)
        {
            Writer.Line($"var end{Literal.Of(block)} = starts[start + {Literal.Of(block + 1)}];");
            Writer.Open($"for (; i < end{Literal.Of(block)}; i++)");
            Writer.Line("var place = (places[i] * 32) + lane;");
            foreach (var line in LoadWeights())
            {
                Writer.Line(line);
            }

            for (var column = 0; column < plan.Columns; column++)
            {
                var x = $"x{Literal.Of(column)}";
                Writer.Line($"var {x} = tile[place{(column == 0 ? "" : $" + {Literal.Of(column * GpuKernelPlan.Lanes)}")}];");
                for (var row = 0; row < plan.Rows; row++)
                {
                    MultiplyAdd((block * plan.Rows) + row, Weight((column * plan.Rows) + row), x);
                }
            }

            Writer.Close();
        }
    }

    private bool IsInQuads => Weights % Quad == 0;

    private IEnumerable<string> LoadWeights()
        => IsInQuads
            ? Enumerable.Range(0, Weights / Quad).Select(i => $"var w{Literal.Of(i)} = weights[(i * {Literal.Of(Weights / Quad)}) + {Literal.Of(i)}];")
            : Enumerable.Range(0, Weights).Select(i => $"var w{Literal.Of(i)} = values[(i * {Literal.Of(Weights)}) + {Literal.Of(i)}];");

    private string Weight(int index) => IsInQuads ? $"w{Literal.Of(index / Quad)}.{"XYZW"[index % Quad]}" : $"w{Literal.Of(index)}";
}
