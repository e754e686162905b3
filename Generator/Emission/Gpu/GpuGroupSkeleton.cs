using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>N:M: the places of a step's weights come in words, and are shifted out of registers.</summary>
internal sealed class GpuGroupSkeleton(SourceWriter writer, GpuGroupPlan plan) : GpuSkeleton(writer, plan)
{
    private const int Quad = 4;

    protected override int StagedRows => plan.StageGroups * (plan.M + 1);

    private bool IsInQuads => plan.StepWeights % Quad == 0;

    protected override IEnumerable<string> Summary() =>
    [
        $"/// <summary>{Literal.Of(Tile.GroupRows)} rows by {Literal.Of(Tile.GroupSamples)} samples, {Literal.Of(Tile.StageColumns)} columns at a time.</summary>",
        $"/// <remarks>places: words of {Literal.Of(plan.WordPlaces)} places: a step of each of {Literal.Of(Tile.PackRows)} rows, step after step.",
        "/// values: the weights of these places.</remarks>",
    ];

    protected override string StagedRow(string column) => $"({column} + ({column} / {Literal.Of(plan.M)}))";

    protected override void Declare()
    {
        if (IsInQuads)
        {
            Writer.Line("var weights = values.Cast<Quad>();");
        }

        Writer.Line($"var next = {FirstInPack(plan.Stages * plan.StageSteps * Tile.PackRows)};");
        Writer.Line("// What places without a weight meet.");
        Writer.Open($"for (var group = warp; group < {Literal.Of(plan.StageGroups)}; group += {Literal.Of(Tile.Warps)})");
        Writer.Line($"tile[(((group * {Literal.Of(plan.M + 1)}) + {Literal.Of(plan.M)}) * 32) + lane] = default;");
        Writer.Close();
    }

    protected override void Multiply()
    {
        var stepRows = plan.StepGroups * (plan.M + 1);
        Writer.Open($"for (var step = 0; step < {Literal.Of(plan.StageSteps)}; step++)");
        Writer.Line($"var first = (step * {Literal.Of(stepRows * GpuTile.Lanes)}) + lane;");
        for (var row = 0; row < Tile.WarpRows; row++)
        {
            Row(row);
        }

        Writer.Line($"next += {Literal.Of(Tile.PackRows)};");
        Writer.Close();
    }

    private void Row(int row)
    {
        var name = $"r{Literal.Of(row)}";
        var place = row == 0 ? "next" : $"(next + {Literal.Of(row)})";
        for (var word = 0; word < plan.StepWords; word++)
        {
            Writer.Line($"var {name}p{Literal.Of(word)} = places[{At(place, plan.StepWords, word)}];");
        }

        var loads = IsInQuads ? plan.StepWeights / Quad : plan.StepWeights;
        for (var i = 0; i < loads; i++)
        {
            Writer.Line($"var {name}w{Literal.Of(i)} = {(IsInQuads ? "weights" : "values")}[{At(place, loads, i)}];");
        }

        foreach (var i in Enumerable.Range(0, plan.StepWeights))
        {
            var group = i / plan.N;
            var x = $"{name}x{Literal.Of(i)}";
            var offset = group == 0 ? "first" : $"first + {Literal.Of(group * (plan.M + 1) * GpuTile.Lanes)}";
            Writer.Line($"var {x} = tile[{offset} + {Place(name, i)}];");
            MultiplyAdd(row, IsInQuads ? $"{name}w{Literal.Of(i / Quad)}.{"XYZW"[i % Quad]}" : $"{name}w{Literal.Of(i)}", x);
        }
    }

    /// <summary>A place times 32 lanes, with one shift.</summary>
    private string Place(string name, int weight)
    {
        const int LaneBits = 5;
        var shift = (weight % plan.WordPlaces * plan.PlaceBits) - LaneBits;
        var mask = Literal.Of(((1 << plan.PlaceBits) - 1) << LaneBits);
        var word = $"{name}p{Literal.Of(weight / plan.WordPlaces)}";
        return shift < 0 ? $"(({word} << {Literal.Of(-shift)}) & {mask})" : $"(({word} >> {Literal.Of(shift)}) & {mask})";
    }

    private static string At(string place, int count, int index)
        => count == 1 ? place.Trim('(', ')') : $"({place} * {Literal.Of(count)}) + {Literal.Of(index)}";
}
