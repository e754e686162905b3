using System.Collections.Generic;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Row-split CSR: a warp's rows one after the other, two nonzeros with one vector load.</summary>
internal sealed class GpuCsrSkeleton(SourceWriter writer, GpuCsrPlan plan) : GpuSkeleton(writer, plan)
{
    protected override int StagedRows => Tile.StageColumns + 1;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(Tile.GroupRows)} rows by {Literal.Of(Tile.GroupSamples)} samples, {Literal.Of(Tile.StageColumns)} columns at a time.</summary>",
        $"/// <remarks>starts: where the pairs of {Literal.Of(Tile.PackRows)} rows begin, stage after stage.",
        "/// values: pairs of nonzeros: their two columns in the stage, as bits of integers, and their two values.</remarks>",
    ];

    protected override void Declare()
    {
        Writer.Line("var pairs = values.Cast<Quad>();");
        Writer.Line($"var start = {FirstInPack(plan.Stages * Tile.PackRows)};");
        Writer.Line("// What the second of a single nonzero's pair meets.");
        Writer.Open("if (warp == 0)");
        Writer.Line($"tile[{Literal.Of(Tile.StageColumns * GpuTile.Lanes)} + lane] = default;");
        Writer.Close();
    }

    protected override void Multiply()
    {
        Writer.Line("var i = starts[start];");
        for (var row = 0; row < Tile.WarpRows; row++)
        {
            Writer.Line($"var end{Literal.Of(row)} = starts[start + {Literal.Of(row + 1)}];");
        }

        Writer.Line($"start += {Literal.Of(Tile.PackRows)};");
        Writer.Line("// A pair is loaded while the one before is multiplied: behind the last one of a row comes the next row's first.");
        Writer.Line("var next = pairs[i];");
        for (var row = 0; row < Tile.WarpRows; row++)
        {
            Writer.Open($"while (i < end{Literal.Of(row)})");
            Writer.Line("var pair = next;");
            Writer.Line("i++;");
            Writer.Line("next = pairs[i];");
            Writer.Line("var first = tile[((int)Interop.FloatAsInt(pair.X) * 32) + lane];");
            MultiplyAdd(row, "pair.Z", "first");
            Writer.Line("var second = tile[((int)Interop.FloatAsInt(pair.Y) * 32) + lane];");
            MultiplyAdd(row, "pair.W", "second");
            Writer.Close();
        }
    }
}
