using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>
/// What all GPU kernels share: a group's place, the sums in registers, the loop over stages with its barriers, and the stores with bias and
/// activation.
/// </summary>
internal abstract class GpuSkeleton(SourceWriter writer, GpuKernelPlan plan)
{
    /// <summary>The parameters of every kernel, of which some leave arrays unread.</summary>
    private string Parameters
        => $"ArrayView<float> x, ArrayView<int> starts, ArrayView<int> places, ArrayView<float> values, ArrayView<float> {(IsGradient ? "kept" : "bias")}, ArrayView<float> y, int stride";

    /// <summary>Floats that a thread may hold of the next stage, while it works on this one.</summary>
    private const int MostHeldFloats = 32;

    private static readonly string[] VectorFields = [".X", ".Y", ".Z", ".W"];

    protected SourceWriter Writer { get; } = writer;

    /// <summary>Whether the sums are an input gradient, to be multiplied by the slope of the activation before.</summary>
    private bool IsGradient => plan.Slope.Activation != Activation.None;

    protected GpuTile Tile => plan.Tile;

    /// <summary>The type of a lane's samples.</summary>
    protected string Samples => Tile.LaneSamples switch { 1 => "float", 2 => "Duo", _ => "Quad" };

    /// <summary>Rows of shared memory: those of the columns, per <see cref="StagedRow"/>, and what lies between.</summary>
    protected abstract int StagedRows { get; }

    /// <summary>Columns of a stage that a warp stages.</summary>
    private int WarpColumns => ((Tile.StageColumns - 1) / Tile.Warps) + 1;

    /// <summary>Whether the next stage is loaded ahead, so that the loads' latency passes meanwhile.</summary>
    private bool LoadsAhead => WarpColumns * Tile.LaneSamples <= MostHeldFloats;

    public void Emit()
    {
        foreach (var line in Summary())
        {
            Writer.Line(line);
        }

        Writer.Open($"public static void {plan.Method}({Parameters})");
        Writer.Line($"var tile = SharedMemory.Allocate<{Samples}>({Literal.Of(StagedRows * GpuTile.Lanes)});");
        DeclareShared();
        Writer.Line("var lane = Group.IdxX & 31;");
        Writer.Line("var warp = Group.IdxX >> 5;");
        if (Tile.LaneSamples > 1)
        {
            Writer.Line($"var samples = x.Cast<{Samples}>();");
        }

        Writer.Line($"var width = {(Tile.LaneSamples == 1 ? "stride" : $"stride / {Literal.Of(Tile.LaneSamples)}")};");
        Writer.Line("var sample = (Grid.IdxX * 32) + lane;");
        Writer.Line("var inside = sample < width;");
        Place();
        Declare();
        for (var row = 0; row < Tile.WarpRows; row++)
        {
            Writer.Line($"float {Join(", ", Fields.Select((_, v) => $"{Sum(row, v)} = 0f"))};");
        }

        Writer.Line();
        if (LoadsAhead)
        {
            Writer.Line("// The first stage; each of the others is loaded while the one before is multiplied.");
            Writer.Line("var column = warp;");
            LoadAhead("var ");
        }

        Writer.Open($"for (var stage = 0; stage < {Literal.Of(plan.Stages)}; stage++)");
        Writer.Line("Group.Barrier();");
        Stage();
        Writer.Line("Group.Barrier();");
        if (LoadsAhead)
        {
            Writer.Line($"column += {Literal.Of(Tile.StageColumns)};");
            LoadAhead("");
        }

        Multiply();
        Writer.Close();
        Writer.Line();
        Store();
        Writer.Close();
    }

    /// <summary>The kernel's documentation.</summary>
    protected abstract IEnumerable<string> Summary();

    /// <summary>Declares shared memory beside the activations'.</summary>
    protected virtual void DeclareShared()
    {
    }

    /// <summary>Declares what the loop over stages reads.</summary>
    protected abstract void Declare();

    /// <summary>Adds what the stage's columns give to the sums.</summary>
    protected abstract void Multiply();

    /// <summary>Stages weights; most kernels read them where they lie.</summary>
    protected virtual void StageWeights()
    {
    }

    /// <summary>Loads what <see cref="StageWeights"/> stages next.</summary>
    protected virtual void LoadWeights(string declaration)
    {
    }

    /// <summary>Where a staged column lies: a row of the tile.</summary>
    protected virtual string StagedRow(string column) => column;

    /// <summary>The fields of a lane's samples: one nameless, or two or four.</summary>
    protected IReadOnlyList<string> Fields => Tile.LaneSamples == 1 ? [""] : [.. VectorFields.Take(Tile.LaneSamples)];

    /// <summary>The place of a warp's first row in an array of the pack that holds so much for PackRows rows.</summary>
    protected static string FirstInPack(int packItems) => $"(pack * {Literal.Of(packItems)}) + packRow";

    protected static string Sum(int row, int field) => $"s{Literal.Of(row)}{"xyzw"[field]}";

    protected static string Join(string separator, IEnumerable<string> parts) => string.Join(separator, parts);

    /// <summary>A row's sums plus a weight times the samples of a variable.</summary>
    protected void MultiplyAdd(int row, string weight, string samples)
        => Writer.Line(Join(" ", Fields.Select((field, v) => $"{Sum(row, v)} += {weight} * {samples}{field};")));

    /// <summary>Where the warp's rows lie in the layer, and in the pack.</summary>
    private void Place()
    {
        var parts = Tile.PackRows / Tile.GroupRows;
        Writer.Line($"var firstRow = (Grid.IdxY * {Literal.Of(Tile.GroupRows)}) + (warp * {Literal.Of(Tile.WarpRows)});");
        Writer.Line($"var pack = {(parts == 1 ? "Grid.IdxY" : $"firstRow / {Literal.Of(Tile.PackRows)}")};");
        Writer.Line($"var packRow = {(parts == 1 ? $"warp * {Literal.Of(Tile.WarpRows)}" : $"firstRow % {Literal.Of(Tile.PackRows)}")};");
    }

    private void LoadAhead(string declaration)
    {
        for (var i = 0; i < WarpColumns; i++)
        {
            var column = i == 0 ? "column" : $"column + {Literal.Of(i * Tile.Warps)}";
            Writer.Line($"{declaration}next{Literal.Of(i)} = {Load(column, IsBeyond(i) ? $"warp + {Literal.Of(i * Tile.Warps)}" : null)};");
        }

        LoadWeights(declaration);
    }

    private void Stage()
    {
        if (LoadsAhead)
        {
            for (var i = 0; i < WarpColumns; i++)
            {
                var column = i == 0 ? "warp" : $"(warp + {Literal.Of(i * Tile.Warps)})";
                var store = $"tile[({StagedRow(column)} * 32) + lane] = next{Literal.Of(i)};";
                if (IsBeyond(i))
                {
                    Writer.Open($"if ({column.Trim('(', ')')} < {Literal.Of(Tile.StageColumns)})").Line(store).Close();
                }
                else
                {
                    Writer.Line(store);
                }
            }
        }
        else
        {
            Writer.Open($"for (var inStage = warp; inStage < {Literal.Of(Tile.StageColumns)}; inStage += {Literal.Of(Tile.Warps)})");
            Writer.Line($"var column = (stage * {Literal.Of(Tile.StageColumns)}) + inStage;");
            Writer.Line($"tile[({StagedRow("inStage")} * 32) + lane] = {Load("column", null)};");
            Writer.Close();
            LoadWeights("var ");
        }

        StageWeights();
    }

    /// <summary>Whether a warp's column may lie beyond the stage.</summary>
    private bool IsBeyond(int index) => (index + 1) * Tile.Warps > Tile.StageColumns;

    /// <summary>A lane's samples of a column; zeros beyond the last column and sample.</summary>
    private string Load(string column, string? inStage)
    {
        var source = Tile.LaneSamples == 1 ? "x" : "samples";
        var beyond = inStage is null ? "" : $" && {inStage} < {Literal.Of(Tile.StageColumns)}";
        var first = column == "column" ? column : $"({column})";
        return $"inside && {column} < {Literal.Of(plan.Kind.In)}{beyond} ? {source}[({first} * width) + sample] : default";
    }

    private void Store()
    {
        Writer.Open("if (!inside)").Line("return;").Close().Line();
        if (Tile.LaneSamples > 1)
        {
            Writer.Line($"var results = y.Cast<{Samples}>();");
            if (IsGradient)
            {
                Writer.Line($"var before = kept.Cast<{Samples}>();");
            }
        }

        var isWhole = plan.Kind.Out % Tile.GroupRows == 0;
        for (var row = 0; row < Tile.WarpRows; row++)
        {
            var name = row == 0 ? "firstRow" : $"firstRow + {Literal.Of(row)}";
            if (isWhole)
            {
                StoreRow(row, name);
                continue;
            }

            Writer.Open($"if ({name} < {Literal.Of(plan.Kind.Out)})");
            StoreRow(row, name);
            Writer.Close();
        }
    }

    private void StoreRow(int row, string name)
    {
        var place = row == 0 ? "(firstRow * width) + sample" : $"(({name}) * width) + sample";
        var beside = $"b{Literal.Of(row)}";
        Writer.Line(IsGradient ? $"var {beside} = {(Tile.LaneSamples == 1 ? "kept" : "before")}[{place}];" : $"var {beside} = bias[{name}];");
        var values = Fields.Select((field, v) => IsGradient
            ? GpuSlopeEmitter.Call(plan.Slope, beside + field, Sum(row, v))
            : Activate($"{Sum(row, v)} + {beside}")).ToList();
        Writer.Line(values.Count == 1
            ? $"y[{place}] = {values[0]};"
            : $"results[{place}] = new {Samples}({Join(", ", values)});");
    }

    private string Activate(string value) => ActivationEmitter.Call(GpuDialect.Instance, plan.Kind.Fused, value);
}
