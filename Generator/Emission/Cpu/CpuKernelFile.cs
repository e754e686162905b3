using System;
using System.Linq;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>The file of an emitted class: kernels of one loop skeleton, of one instruction set where it has its own loops; generic over shape and activation.</summary>
internal static class CpuKernelFile
{
    public static GeneratedFile Emit(KernelClass kernels)
    {
        var first = kernels.Plans[0];
        var name = first.ClassName;
        var dialect = first.IsShared ? null : Dialect.Of(first.Target);
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernels.Namespace);
        FileFrame.Usings(writer, dialect, "KernelGen.Dispatch", "KernelGen.Formats", VectorLibrary.Namespace);
        if (dialect is not null)
        {
            writer.Line($"using static global::{VectorLibrary.Namespace}.{VectorsEmitter.ClassName(dialect)};");
        }

        writer.Line();
        writer.Line($"/// <summary>{Summary(first)}, {(first.IsShared ? "on every instruction set" : $"on {KindText.TargetName(first.Target)}")}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Line($"internal static unsafe class {name}<TShape, TActivation>").Indent();
        writer.Line("where TShape : struct, IShape");
        writer.Line("where TActivation : struct, IActivation").Outdent();
        writer.Open();
        foreach (var plan in kernels.Plans)
        {
            Entry(writer, plan);
            writer.Line();
        }

        var bodies = kernels.Plans.GroupBy(plan => plan.Body).Select(plans => plans.First()).ToList();
        foreach (var plan in bodies)
        {
            Skeleton(writer, plan);
            if (plan != bodies[bodies.Count - 1])
            {
                writer.Line();
            }
        }

        writer.Close();
        if (first is PanelCsrPlan)
        {
            PanelCsrSkeleton.BlockTypes(writer, kernels);
        }

        return FileFrame.End(writer, kernels.Namespace, name);
    }

    /// <summary>What the runtime must know of a kernel.</summary>
    private static void Entry(SourceWriter writer, KernelPlan plan)
    {
        var type = plan.IsPanel ? "PanelKernel" : "VectorKernel";
        writer.Line($"public static {type} {plan.Entry} => new(").Indent();
        writer.Line($"InstructionSet.{plan.Target.Name}, \"{plan.ClassName}.{plan.Entry}\", {Format(plan)},");
        writer.Line($"new KernelCosts({Costs(plan.Costs)}), &{Loops(plan)});").Outdent();
    }

    private static string Costs(KernelCosts costs)
        => costs.Zen4 == costs.Xeon ? Cost(costs.Zen4) : $"zen4: {Cost(costs.Zen4)}, xeon: {Cost(costs.Xeon)}";

    private static string Cost(KernelCost cost) => $"new({Literal.Of(cost.Unit)}, {Literal.Of(cost.Step)}, {Literal.Of(cost.Shared)})";

    /// <summary>The method that the runtime calls.</summary>
    private static string Loops(KernelPlan plan)
    {
        if (!plan.IsShared)
        {
            return $"Run{plan.Body}";
        }

        var types = plan.Strips.Select(strip => strip.TypeName).Append(plan.Target.FactorsType);
        return plan switch
        {
            PanelCsrPlan p => $"Run{p.Body}<{string.Join(", ", types)}, {PanelCsrSkeleton.BlockType(p)}>",
            _ => $"{(plan.IsPanel ? "Run" : "")}{plan.Body}<{string.Join(", ", types)}>",
        };
    }

    private static void Skeleton(SourceWriter writer, KernelPlan plan)
    {
        switch (plan)
        {
            case PanelCsrPlan p:
                new PanelCsrSkeleton(writer, p).Emit();
                break;
            case PanelTilePlan p:
                new PanelTileSkeleton(writer, p).Emit();
                break;
            case VectorWindowPlan p:
                new VectorWindowSkeleton(writer, Dialect.Of(p.Target), p).Emit();
                break;
            case VectorGroupPlan p:
                new VectorGroupSkeleton(writer, Dialect.Of(p.Target), p).Emit();
                break;
            case VectorBlockPlan p:
                new VectorBlockSkeleton(writer, Dialect.Of(p.Target), p).Emit();
                break;
            case VectorColumnPlan p:
                new VectorColumnSkeleton(writer, p).Emit();
                break;
            default:
                throw new InvalidOperationException($"No skeleton for {plan}.");
        }
    }

    private static string Summary(KernelPlan plan) => plan switch
    {
        PanelCsrPlan => "Sparse weights times a panel of samples, nonzero by nonzero",
        PanelTilePlan => "Dense weights or blocks times a panel of samples",
        VectorWindowPlan => "Sparse weights times one sample",
        VectorGroupPlan => "N:M weights times one sample",
        VectorBlockPlan => "Blocks that are lower than a vector times one sample",
        VectorColumnPlan => "Dense weights or tall blocks times one sample",
        _ => throw new InvalidOperationException($"No summary for {plan}."),
    };

    private static string Format(KernelPlan plan) => plan switch
    {
        PanelCsrPlan p => $"new PanelCsrFormat({Literal.Of(p.BlockColumns)}, {Literal.Of(p.Target.PanelWidth)}, {Literal.Of(p.WideCounts)})",
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
