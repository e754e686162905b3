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
    private const string Parameters =
        "ArrayView<float> x, ArrayView<int> starts, ArrayView<int> places, ArrayView<float> values, ArrayView<float> bias, ArrayView<float> y, int stride";

    private static readonly string[] QuadFields = [".X", ".Y", ".Z", ".W"];

    protected SourceWriter Writer { get; } = writer;

    /// <summary>The type of a lane's samples.</summary>
    protected string Samples => plan.LaneSamples == 1 ? "float" : "Quad";

    /// <summary>Rows that the kernel stages beside the columns, per <see cref="StagedRow"/>.</summary>
    protected abstract int StagedRows { get; }

    public void Emit()
    {
        foreach (var line in Summary())
        {
            Writer.Line(line);
        }

        Writer.Open($"public static void {plan.Method}({Parameters})");
        Writer.Line($"var tile = SharedMemory.Allocate<{Samples}>({Literal.Of(StagedRows * GpuKernelPlan.Lanes)});");
        DeclareShared();
        Writer.Line("var lane = Group.IdxX & 31;");
        Writer.Line("var warp = Group.IdxX >> 5;");
        Writer.Line($"var width = {(plan.LaneSamples == 1 ? "stride" : "stride >> 2")};");
        Writer.Line("var sample = (Grid.IdxX * 32) + lane;");
        Writer.Line("var inside = sample < width;");
        Writer.Line($"var firstRow = (Grid.IdxY * {Literal.Of(plan.GroupRows)}) + (warp * {Literal.Of(plan.WarpRows)});");
        Declare();
        foreach (var row in Enumerable.Range(0, plan.WarpRows))
        {
            Writer.Line($"float {Join(", ", Fields.Select((_, v) => $"{Sum(row, v)} = 0f"))};");
        }

        Writer.Line();
        Writer.Open($"for (var stage = 0; stage < {Literal.Of(plan.Stages)}; stage++)");
        Writer.Line("Group.Barrier();");
        Stage();
        Writer.Line("Group.Barrier();");
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

    /// <summary>Where a staged column lies: a row of the tile.</summary>
    protected virtual string StagedRow(string column) => column;

    /// <summary>The fields of a lane's samples: one nameless, or four.</summary>
    protected IReadOnlyList<string> Fields => plan.LaneSamples == 1 ? [""] : QuadFields;

    protected static string Sum(int row, int field) => $"s{Literal.Of(row)}{"xyzw"[field]}";

    protected static string Join(string separator, IEnumerable<string> parts) => string.Join(separator, parts);

    /// <summary>A row's sums plus a weight times the samples of a variable.</summary>
    protected void MultiplyAdd(int row, string weight, string samples)
        => Writer.Line(Join(" ", Fields.Select((field, v) => $"{Sum(row, v)} += {weight} * {samples}{field};")));

    private void Stage()
    {
        var source = plan.LaneSamples == 1 ? "x" : "samples";
        Writer.Open($"for (var column = warp; column < {Literal.Of(plan.StageColumns)}; column += {Literal.Of(plan.Warps)})");
        Writer.Line($"var row = (stage * {Literal.Of(plan.StageColumns)}) + column;");
        Writer.Line($"tile[({StagedRow("column")} * 32) + lane] = inside && row < {Literal.Of(plan.Kind.In)} ? {source}[(row * width) + sample] : default;");
        Writer.Close();
        StageWeights();
    }

    private void Store()
    {
        Writer.Open("if (!inside)").Line("return;").Close().Line();
        if (plan.LaneSamples > 1)
        {
            Writer.Line("var results = y.Cast<Quad>();");
        }

        var isWhole = plan.Kind.Out % plan.GroupRows == 0;
        for (var row = 0; row < plan.WarpRows; row++)
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
        Writer.Line($"var b{Literal.Of(row)} = bias[{name}];");
        var values = Fields.Select((_, v) => Activate($"{Sum(row, v)} + b{Literal.Of(row)}")).ToList();
        var place = row == 0 ? "(firstRow * width) + sample" : $"(({name}) * width) + sample";
        Writer.Line(values.Count == 1
            ? $"y[{place}] = {values[0]};"
            : $"results[{place}] = new Quad({Join(", ", values)});");
    }

    private string Activate(string value) => ActivationEmitter.Call(GpuDialect.Instance, plan.Kind.Activation, plan.Kind.NegativeSlope, value);
}
