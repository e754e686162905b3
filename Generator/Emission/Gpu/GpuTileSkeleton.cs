using System;
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

    protected override int StagedRows => Tile.StageColumns;

    /// <summary>Vectors of weights in a column of the group's.</summary>
    private int ColumnQuads => Tile.GroupRows / Quad;

    /// <summary>Vectors of weights in a stage of the group's.</summary>
    private int StageQuads => Tile.StageColumns * ColumnQuads;

    /// <summary>Vectors of weights in a column of the pack.</summary>
    private int PackQuads => Tile.PackRows / Quad;

    private int ThreadQuads => ((StageQuads - 1) / Tile.Threads) + 1;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(Tile.GroupRows)} rows by {Literal.Of(Tile.GroupSamples)} samples, {Literal.Of(Tile.StageColumns)} columns at a time.</summary>",
        $"/// <remarks>values: tiles of {Literal.Of(Tile.PackRows)} rows: column after column, zeros beyond the last row and column.</remarks>",
    ];

    protected override void DeclareShared() => Writer.Line($"var weightTile = SharedMemory.Allocate<Quad>({Literal.Of(StageQuads)});");

    protected override void Declare()
    {
        Writer.Line("var weights = values.Cast<Quad>();");
        var columns = plan.Stages * Tile.StageColumns;
        // Of the group, not of the warp: all its threads stage weights.
        Writer.Line(Tile.PackRows == Tile.GroupRows
            ? $"var nextQuad = pack * {Literal.Of(columns * PackQuads)};"
            : $"var nextQuad = (pack * {Literal.Of(columns * PackQuads)}) + (Grid.IdxY % {Literal.Of(Tile.PackRows / Tile.GroupRows)} * {Literal.Of(ColumnQuads)});");
    }

    protected override void LoadWeights(string declaration)
    {
        for (var i = 0; i < ThreadQuads; i++)
        {
            var quad = i == 0 ? "Group.IdxX" : $"(Group.IdxX + {Literal.Of(i * Tile.Threads)})";
            var place = PackQuads == ColumnQuads
                ? $"nextQuad + {quad.Trim('(', ')')}"
                : $"nextQuad + ({quad} / {Literal.Of(ColumnQuads)} * {Literal.Of(PackQuads)}) + ({quad} % {Literal.Of(ColumnQuads)})";
            // The array ends with the last stage: nothing is loaded behind it.
            string[] conditions =
            [
                .. declaration.Length == 0 ? [$"stage < {Literal.Of(plan.Stages - 1)}"] : Array.Empty<string>(),
                .. IsBeyond(i) ? [$"{quad.Trim('(', ')')} < {Literal.Of(StageQuads)}"] : Array.Empty<string>(),
            ];
            var load = $"weights[{place}]";
            Writer.Line($"{declaration}nextWeights{Literal.Of(i)} = {(conditions.Length == 0 ? load : $"{Join(" && ", conditions)} ? {load} : default")};");
        }

        Writer.Line($"nextQuad += {Literal.Of(Tile.StageColumns * PackQuads)};");
    }

    protected override void StageWeights()
    {
        for (var i = 0; i < ThreadQuads; i++)
        {
            var quad = i == 0 ? "Group.IdxX" : $"Group.IdxX + {Literal.Of(i * Tile.Threads)}";
            var store = $"weightTile[{quad}] = nextWeights{Literal.Of(i)};";
            if (IsBeyond(i))
            {
                Writer.Open($"if ({quad} < {Literal.Of(StageQuads)})").Line(store).Close();
            }
            else
            {
                Writer.Line(store);
            }
        }
    }

    protected override void Multiply()
    {
        var warpQuads = Tile.WarpRows / Quad;
        Writer.Open($"for (var k = 0; k < {Literal.Of(Tile.StageColumns)}; k += {Literal.Of(Unroll)})");
        for (var i = 0; i < Unroll; i++)
        {
            var column = i == 0 ? "k" : $"(k + {Literal.Of(i)})";
            Writer.Line($"var x{Literal.Of(i)} = tile[({column} * 32) + lane];");
            for (var vector = 0; vector < warpQuads; vector++)
            {
                var weights = $"w{Literal.Of(i)}{"ab"[vector]}";
                var place = $"({column} * {Literal.Of(ColumnQuads)}) + (warp * {Literal.Of(warpQuads)}){(vector == 0 ? "" : $" + {Literal.Of(vector)}")}";
                Writer.Line($"var {weights} = weightTile[{place}];");
                foreach (var row in Enumerable.Range(0, Quad))
                {
                    MultiplyAdd((vector * Quad) + row, $"{weights}.{"XYZW"[row]}", $"x{Literal.Of(i)}");
                }
            }
        }

        Writer.Close();
    }

    /// <summary>Whether a thread's vector may lie beyond the stage.</summary>
    private bool IsBeyond(int index) => (index + 1) * Tile.Threads > StageQuads;
}
