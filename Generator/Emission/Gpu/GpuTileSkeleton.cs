using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>Dense: a group's weights of a stage lie in shared memory, column by column, and are broadcast to the lanes.</summary>
internal sealed class GpuTileSkeleton(SourceWriter writer, GpuTilePlan plan) : GpuSkeleton(writer, plan)
{
    /// <summary>Columns that are written out in the loop's body.</summary>
    private const int Unroll = 4;

    /// <summary>Floats of a vector.</summary>
    private const int Quad = 4;

    protected override int StagedRows => plan.StageColumns;

    /// <summary>Vectors of weights in a column of the group's.</summary>
    private int ColumnQuads => plan.GroupRows / Quad;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(plan.GroupRows)} rows by {Literal.Of(plan.GroupSamples)} samples, {Literal.Of(plan.StageColumns)} columns at a time.</summary>",
        "/// <param name=\"values\">Tiles of a group's rows: column after column, zeros beyond the last row and column.</param>",
    ];

    protected override void DeclareShared()
        => Writer.Line($"var weightTile = SharedMemory.Allocate<Quad>({Literal.Of(plan.StageColumns * ColumnQuads)});");

    protected override void Declare()
    {
        if (plan.LaneSamples > 1)
        {
            Writer.Line("var samples = x.Cast<Quad>();");
        }

        Writer.Line("var weights = values.Cast<Quad>();");
        Writer.Line($"var firstWeight = Grid.IdxY * {Literal.Of(plan.Stages * plan.StageColumns * ColumnQuads)};");
    }

    protected override void StageWeights()
    {
        var quads = plan.StageColumns * ColumnQuads;
        Writer.Open($"for (var i = Group.IdxX; i < {Literal.Of(quads)}; i += {Literal.Of(plan.Threads)})");
        Writer.Line($"weightTile[i] = weights[firstWeight + (stage * {Literal.Of(quads)}) + i];");
        Writer.Close();
    }

    protected override void Multiply()
    {
        Writer.Open($"for (var column = 0; column < {Literal.Of(plan.StageColumns)}; column += {Literal.Of(Unroll)})");
        for (var i = 0; i < Unroll; i++)
        {
            var column = i == 0 ? "column" : $"(column + {Literal.Of(i)})";
            Writer.Line($"var x{Literal.Of(i)} = tile[({column} * 32) + lane];");
            for (var vector = 0; vector < plan.WarpRows / Quad; vector++)
            {
                var weights = $"w{Literal.Of(i)}{"ab"[vector]}";
                var place = $"({column} * {Literal.Of(ColumnQuads)}) + (warp * {Literal.Of(plan.WarpRows / Quad)}){(vector == 0 ? "" : $" + {Literal.Of(vector)}")}";
                Writer.Line($"var {weights} = weightTile[{place}];");
                foreach (var row in Enumerable.Range(0, Quad))
                {
                    MultiplyAdd((vector * Quad) + row, $"{weights}.{"XYZW"[row]}", $"x{Literal.Of(i)}");
                }
            }
        }

        Writer.Close();
    }
}
