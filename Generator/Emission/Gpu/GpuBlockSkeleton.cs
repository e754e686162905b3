using System.Collections.Generic;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Blocks: a warp's block rows one after the other; each activation that is loaded serves all rows of the block.</summary>
internal sealed class GpuBlockSkeleton(SourceWriter writer, GpuBlockPlan plan) : GpuSkeleton(writer, plan)
{
    private const int Quad = 4;

    protected override int StagedRows => Tile.StageColumns;

    private int Weights => plan.Rows * plan.Columns;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(Tile.GroupRows)} rows by {Literal.Of(Tile.GroupSamples)} samples, {Literal.Of(Tile.StageColumns)} columns at a time.</summary>",
        $"/// <remarks>starts: where the blocks of {Literal.Of(Tile.PackRows / plan.Rows)} block rows begin, stage after stage.",
        "/// places: the blocks' first columns in the stage.",
        "/// values: the blocks' weights, column by column.</remarks>",
    ];

    protected override void Declare()
    {
        if (IsInQuads)
        {
            Writer.Line("var weights = values.Cast<Quad>();");
        }

        Writer.Line($"var start = (pack * {Literal.Of(plan.Stages * Tile.PackRows / plan.Rows)}) + (packRow / {Literal.Of(plan.Rows)});");
    }

    protected override void Multiply()
    {
        Writer.Line("var i = starts[start];");
        for (var block = 0; block < plan.WarpBlocks; block++)
        {
            Writer.Line($"var end{Literal.Of(block)} = starts[start + {Literal.Of(block + 1)}];");
        }

        Writer.Line($"start += {Literal.Of(Tile.PackRows / plan.Rows)};");
        if (plan.LoadsAhead)
        {
            Writer.Line("// A block is loaded while the one before is multiplied: behind the last one of a row comes the next row's first.");
            LoadBlock("var ");
        }

        for (var block = 0; block < plan.WarpBlocks; block++)
        {
            Writer.Open($"while (i < end{Literal.Of(block)})");
            if (plan.LoadsAhead)
            {
                Writer.Line("var place = nextPlace;");
                for (var load = 0; load < Loads; load++)
                {
                    Writer.Line($"var w{Literal.Of(load)} = next{Literal.Of(load)}w;");
                }

                Writer.Line("i++;");
                LoadBlock("");
            }
            else
            {
                Writer.Line("var place = (places[i] * 32) + lane;");
            }

            MultiplyBlock(block);
            if (!plan.LoadsAhead)
            {
                Writer.Line("i++;");
            }

            Writer.Close();
        }
    }

    /// <summary>Vectors or single weights of a block.</summary>
    private int Loads => IsInQuads ? Weights / Quad : Weights;

    private void LoadBlock(string declaration)
    {
        Writer.Line($"{declaration}nextPlace = (places[i] * 32) + lane;");
        for (var load = 0; load < Loads; load++)
        {
            Writer.Line($"{declaration}next{Literal.Of(load)}w = {LoadWeight(load)};");
        }
    }

    private void MultiplyBlock(int block)
    {
        var loaded = 0;
        for (var column = 0; column < plan.Columns; column++)
        {
            // As late as may be: registers are few.
            for (; !plan.LoadsAhead && loaded * (IsInQuads ? Quad : 1) < (column + 1) * plan.Rows; loaded++)
            {
                Writer.Line($"var w{Literal.Of(loaded)} = {LoadWeight(loaded)};");
            }

            var x = $"x{Literal.Of(column)}";
            Writer.Line($"var {x} = tile[place{(column == 0 ? "" : $" + {Literal.Of(column * GpuTile.Lanes)}")}];");
            for (var row = 0; row < plan.Rows; row++)
            {
                MultiplyAdd((block * plan.Rows) + row, Weight((column * plan.Rows) + row), x);
            }
        }
    }

    private bool IsInQuads => Weights % Quad == 0;

    private string LoadWeight(int i)
        => IsInQuads
            ? $"weights[(i * {Literal.Of(Weights / Quad)}) + {Literal.Of(i)}]"
            : $"values[(i * {Literal.Of(Weights)}) + {Literal.Of(i)}]";

    private string Weight(int index) => IsInQuads ? $"w{Literal.Of(index / Quad)}.{"XYZW"[index % Quad]}" : $"w{Literal.Of(index)}";
}
