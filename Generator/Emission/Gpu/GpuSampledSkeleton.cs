using System;
using System.Linq;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>The weight gradient at the mask (SDDMM): dot products over the batch, their sums in registers.</summary>
internal sealed class GpuSampledSkeleton(SourceWriter writer, GpuSampledPlan plan)
{
    private const int PlaceBits = 8;

    private const string Parameters =
        "ArrayView<float> x, ArrayView<float> gradient, ArrayView<int> windows, ArrayView<int> rows, ArrayView<int> places, ArrayView<int> targets, ArrayView<float> result, int batch, int stride";

    private bool HasRowsBeyond => plan.Kind.Out % plan.Rows != 0;

    public void Emit()
    {
        writer.Line($"/// <summary>{Literal.Of(plan.Warps * plan.Units)} units of {Literal.Of(plan.Rows)} x {Literal.Of(plan.Columns)} weights, 64 samples at a time.</summary>");
        writer.Line("/// <remarks>windows: of each group; rows: the first of each unit.");
        writer.Line(plan.IsScattered
            ? "/// places: four columns in the window, a byte each, of each unit."
            : "/// places: the first column in the window of each unit.");
        writer.Line("/// targets: where each weight's gradient goes, row by row of a unit; -1 for none.</remarks>");
        writer.Open($"public static void Weights({Parameters})");
        writer.Line($"var tile = SharedMemory.Allocate<Duo>({Literal.Of(plan.SharedPairs)});");
        writer.Line("var lane = Group.IdxX & 31;");
        writer.Line("var warp = Group.IdxX >> 5;");
        writer.Line("var inputs = x.Cast<Duo>();");
        writer.Line("var gradients = gradient.Cast<Duo>();");
        writer.Line("var width = stride / 2;");
        writer.Line($"var firstColumn = windows[Grid.IdxX] * {Literal.Of(plan.WindowColumns)};");
        writer.Line($"var unit = ((Grid.IdxX * {Literal.Of(plan.Warps)}) + warp) * {Literal.Of(plan.Units)};");
        for (var sum = 0; sum < plan.Sums; sum++)
        {
            writer.Line($"var s{Literal.Of(sum)} = 0f;");
        }

        writer.Line();
        writer.Open("for (var first = 0; first < width; first += 32)");
        writer.Line("var sample = first + lane;");
        writer.Line("// What lies behind the last sample counts as 0, whatever it is.");
        writer.Line("var isX = 2 * sample < batch;");
        writer.Line("var isY = (2 * sample) + 1 < batch;");
        writer.Line("Group.Barrier();");
        Stage();
        writer.Line("Group.Barrier();");
        for (var unit = 0; unit < plan.Units; unit++)
        {
            Unit(unit);
        }

        writer.Close();
        writer.Line();
        AddLanes();
        writer.Close();
    }

    private void Stage()
    {
        writer.Open($"for (var inWindow = warp; inWindow < {Literal.Of(plan.WindowColumns)}; inWindow += {Literal.Of(plan.Warps)})");
        writer.Line("var column = firstColumn + inWindow;");
        writer.Line($"var pair = isX && column < {Literal.Of(plan.Kind.In)} ? inputs[(column * width) + sample] : default;");
        writer.Line("tile[(inWindow * 32) + lane] = new Duo(pair.X, isY ? pair.Y : 0f);");
        writer.Close();
    }

    private void Unit(int unit)
    {
        var (u, at) = (Literal.Of(unit), unit == 0 ? "unit" : $"unit + {Literal.Of(unit)}");
        writer.Line($"var row{u} = rows[{at}];");
        writer.Line($"var place{u} = places[{at}];");
        for (var row = 0; row < plan.Rows; row++)
        {
            var name = Name('g', unit, row);
            var number = row == 0 ? $"row{u}" : $"(row{u} + {Literal.Of(row)})";
            var inside = HasRowsBeyond && row > 0 ? $"isX && {number} < {Literal.Of(plan.Kind.Out)}" : "isX";
            writer.Line($"var {name} = {inside} ? gradients[({number} * width) + sample] : default;");
            writer.Line($"var {name}y = isY ? {name}.Y : 0f;");
        }

        for (var column = 0; column < plan.Columns; column++)
        {
            var name = Name('x', unit, column);
            writer.Line($"var {name} = tile[{Place($"place{u}", column)}];");
            for (var row = 0; row < plan.Rows; row++)
            {
                var sum = $"s{Literal.Of((((unit * plan.Rows) + row) * plan.Columns) + column)}";
                var gradient = Name('g', unit, row);
                writer.Line($"{sum} += {gradient}.X * {name}.X; {sum} += {gradient}y * {name}.Y;");
            }
        }
    }

    private static string Name(char letter, int unit, int index) => $"{letter}{Literal.Of(unit)}_{Literal.Of(index)}";

    /// <summary>A column's place in the tile: of scattered columns a byte of the word, times 32 lanes with one shift.</summary>
    private string Place(string word, int column)
    {
        if (!plan.IsScattered)
        {
            return $"({word} * 32) + lane{(column == 0 ? "" : $" + {Literal.Of(column * GpuTile.Lanes)}")}";
        }

        const int LaneBits = 5;
        var shift = (column * PlaceBits) - LaneBits;
        var mask = Literal.Of(((1 << PlaceBits) - 1) << LaneBits);
        return shift < 0 ? $"(({word} << {Literal.Of(-shift)}) & {mask}) + lane" : $"(({word} >> {Literal.Of(shift)}) & {mask}) + lane";
    }

    /// <summary>Turns the lanes' sums round in shared memory, so that each lane adds one weight's up.</summary>
    private void AddLanes()
    {
        const int Round = GpuSampledPlan.RoundSums;
        writer.Line("// The lanes' sums, turned round: each lane adds up those of one weight, from a place of its own on, so that all meet different banks.");
        writer.Line("var sums = tile.Cast<float>();");
        writer.Line($"var own = warp * {Literal.Of(Round * GpuTile.Lanes)};");
        for (var first = 0; first < plan.Sums; first += Round)
        {
            var count = Math.Min(Round, plan.Sums - first);
            writer.Line("Group.Barrier();");
            foreach (var i in Enumerable.Range(0, count))
            {
                var place = i == 0 ? "own + lane" : $"own + {Literal.Of(i * GpuTile.Lanes)} + lane";
                writer.Line($"sums[{place}] = s{Literal.Of(first + i)};");
            }

            writer.Line("Group.Barrier();");
            if (count < Round)
            {
                writer.Line($"if (lane < {Literal.Of(count)})");
            }

            writer.Open();
            writer.Line("var total = 0f;");
            writer.Open("for (var i = 0; i < 32; i++)");
            writer.Line("total += sums[own + (lane * 32) + ((i + lane) & 31)];");
            writer.Close();
            writer.Line($"var target = targets[(unit * {Literal.Of(plan.UnitWeights)}) + {Literal.Of(first)} + lane];");
            writer.Open("if (target >= 0)").Line("result[target] = total;").Close();
            writer.Close();
        }
    }
}
