using System.Collections.Generic;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Row-split CSR: a warp's rows one after the other, two nonzeros with one vector load.</summary>
internal sealed class GpuCsrSkeleton(SourceWriter writer, GpuCsrPlan plan) : GpuSkeleton(writer, plan)
{
    protected override int StagedRows => plan.StageColumns + 1;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(plan.GroupRows)} rows by {Literal.Of(plan.GroupSamples)} samples, {Literal.Of(plan.StageColumns)} columns at a time.</summary>",
        "/// <param name=\"starts\">Where the pairs of a group's rows begin, stage after stage.</param>",
        "/// <param name=\"values\">Pairs of nonzeros: their two columns in the stage, as bits of integers, and their two values.</param>",
    ];

    protected override void Declare()
    {
        if (plan.LaneSamples > 1)
        {
            Writer.Line("var samples = x.Cast<Quad>();");
        }

        Writer.Line("var pairs = values.Cast<Quad>();");
        Writer.Line($"var firstStart = (Grid.IdxY * {Literal.Of(plan.Stages * plan.GroupRows)}) + (warp * {Literal.Of(plan.WarpRows)});");
        Writer.Line("// What the second of a single nonzero's pair meets.");
        Writer.Open("if (warp == 0)");
        Writer.Line($"tile[{Literal.Of(plan.StageColumns * GpuKernelPlan.Lanes)} + lane] = default;");
        Writer.Close();
    }

    protected override void Multiply()
    {
        Writer.Line($"var start = firstStart + (stage * {Literal.Of(plan.GroupRows)});");
        Writer.Line("var i = starts[start];");
        for (var row = 0; row < plan.WarpRows; row++)
        {
            Writer.Line($"var end{Literal.Of(row)} = starts[start + {Literal.Of(row + 1)}];");
            Writer.Open($"for (; i < end{Literal.Of(row)}; i++)");
            Writer.Line("var pair = pairs[i];");
            Writer.Line("var first = tile[((int)Interop.FloatAsInt(pair.X) * 32) + lane];");
            MultiplyAdd(row, "pair.Z", "first");
            Writer.Line("var second = tile[((int)Interop.FloatAsInt(pair.Y) * 32) + lane];");
            MultiplyAdd(row, "pair.W", "second");
            Writer.Close();
        }
    }
}
