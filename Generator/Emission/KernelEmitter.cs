using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission;

/// <summary>The emitted kernels of one kind: a table that the runtime reads, and a file for each dialect.</summary>
internal static class KernelEmitter
{
    public static IEnumerable<GeneratedFile> Emit(KernelKind kind, string kernelNamespace)
    {
        var plans = Dialect.All.Select(dialect => (Dialect: dialect, Plans: Planner.Plan(kind, dialect.Target))).ToList();
        yield return Table(kind, plans.SelectMany(p => p.Plans.Select(plan => (p.Dialect, plan))).ToList(), kernelNamespace);
        foreach (var (dialect, own) in plans)
        {
            yield return CpuKernelFile.Emit(kind, dialect, own, kernelNamespace);
        }
    }

    private static GeneratedFile Table(KernelKind kind, IReadOnlyList<(Dialect Dialect, KernelPlan Plan)> plans, string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        writer.Line("using global::KernelGen;");
        writer.Line("using global::KernelGen.Dispatch;");
        writer.Line("using global::KernelGen.Formats;");
        writer.Line("using global::System.CodeDom.Compiler;");
        writer.Line();
        writer.Line($"/// <summary>The kernels of {KindText.Summary(kind)}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static unsafe class {kind.ClassName}");
        writer.Line("public static LayerKernels Kernels { get; } = new(");
        writer.Indent();
        Entries(writer, "panel", "PanelKernel", plans.Where(p => IsPanel(p.Plan)), ",");
        Entries(writer, "vector", "VectorKernel", plans.Where(p => !IsPanel(p.Plan)), ");");
        writer.Outdent();
        writer.Close();
        return FileFrame.End(writer, kernelNamespace, kind.ClassName);
    }

    private static void Entries(
        SourceWriter writer, string parameter, string type, IEnumerable<(Dialect Dialect, KernelPlan Plan)> plans, string end)
    {
        writer.Line($"{parameter}:").Line("[").Indent();
        foreach (var (dialect, plan) in plans)
        {
            var method = $"{CpuKernelFile.ClassName(plan.Kind, dialect)}.{plan.Method}";
            writer.Line($"new {type}(");
            writer.Indent();
            writer.Line($"InstructionSet.{dialect.Name}, \"{method}\", {Format(plan)},");
            writer.Line($"{Cost(plan.Cost)}, &{method}),");
            writer.Outdent();
        }

        writer.Outdent().Line($"]{end}");
    }

    private static bool IsPanel(KernelPlan plan) => plan is PanelCsrPlan or PanelTilePlan;

    private static string Cost(KernelCost cost)
        => $"new KernelCost({Literal.Of(cost.Unit)}, {Literal.Of(cost.Step)}, {Literal.Of(cost.Shared)})";

    private static string Format(KernelPlan plan) => plan switch
    {
        PanelCsrPlan p => $"new PanelCsrFormat({Literal.Of(p.BlockColumns)}, {Literal.Of(p.Target.PanelWidth)}, {(p.WideCounts ? "true" : "false")})",
        PanelTilePlan { IsDense: true } p => $"new TileFormat({Literal.Of(p.Rows)})",
        PanelTilePlan p => $"new BlockFormat({Literal.Of(p.Rows)}, {Literal.Of(p.Columns)})",
        VectorColumnPlan { IsDense: true } p => $"new TileFormat({Literal.Of(p.Rows)})",
        VectorColumnPlan p => $"new BlockFormat({Literal.Of(p.Rows)}, {Literal.Of(p.Columns)})",
        VectorWindowPlan p => $"new WindowFormat({Literal.Of(p.Target.Lanes)}, {Literal.Of(p.Window.Columns)}, {Literal.Of(p.Steps)}, LaneIndex.{p.Window.Index})",
        VectorBlockPlan p => $"new LaneBlockFormat({Literal.Of(p.Target.Lanes)}, {Literal.Of(p.Rows)}, {Literal.Of(p.Columns)}, "
            + $"{Literal.Of(p.StoredColumns)}, {Literal.Of(p.Together)})",
        VectorGroupPlan p => $"new GroupFormat({Literal.Of(p.Target.Lanes)}, {Literal.Of(p.Columns)}, {Literal.Of(p.Steps)}, "
            + $"{Literal.Of(p.Reaches)}, LaneIndex.{p.Reach.Index})",
        _ => throw new InvalidOperationException($"No format for {plan}."),
    };
}
