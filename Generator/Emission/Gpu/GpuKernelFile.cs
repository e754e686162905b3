using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Planning.Gpu;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>The file that holds one kind's GPU kernels, and the table of them that the runtime reads.</summary>
internal static class GpuKernelFile
{
    public static GeneratedFile Emit(GpuKindInUse use)
    {
        var kernelNamespace = use.Namespace;
        var plans = GpuPlanner.Plan(use.Kind).Select(plan => plan with { Slope = use.Slope }).ToList();
        var className = plans[0].ClassName;
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, GpuDialect.Instance, "KernelGen.Gpu.Formats", "KernelGen.Gpu.Kernels");
        writer.Line();
        var slope = use.Slope.Activation == Activation.None ? "" : $", times the slope of {KindText.Activation(use.Slope)}";
        writer.Line($"/// <summary>{KindText.Summary(use.Kind)}{slope}, on a GPU. Activations are feature-major.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {className}");
        writer.Line("/// <summary>From the widest, for large batches, to the narrowest.</summary>");
        writer.Line("public static GpuKernel[] Kernels { get; } =").Line("[").Indent();
        foreach (var plan in plans)
        {
            writer.Line("new GpuKernel(").Indent();
            writer.Line($"\"{className}.{plan.Method}\", {plan.Method}, {Format(plan)},");
            writer.Line($"groupRows: {Literal.Of(plan.Tile.GroupRows)}, groupSamples: {Literal.Of(plan.Tile.GroupSamples)}, "
                + $"threads: {Literal.Of(plan.Tile.Threads)}, relativeCost: {Literal.Of(plan.RelativeCost)}),");
            writer.Outdent();
        }

        writer.Outdent().Line("];");
        foreach (var plan in plans)
        {
            writer.Line();
            Skeleton(writer, plan).Emit();
        }

        writer.Close();
        return FileFrame.End(writer, kernelNamespace, className);
    }

    private static string Format(GpuKernelPlan plan) => plan switch
    {
        GpuTilePlan p => $"new TileGpuFormat({Literal.Of(p.Tile.PackRows)}, {Literal.Of(p.Tile.StageColumns)})",
        GpuCsrPlan p => $"new CsrGpuFormat({Literal.Of(p.Tile.PackRows)}, {Literal.Of(p.Tile.StageColumns)})",
        GpuBlockPlan p => $"new BlockGpuFormat({Literal.Of(p.Tile.PackRows)}, {Literal.Of(p.Tile.StageColumns)}, {Literal.Of(p.Rows)}, {Literal.Of(p.Columns)})",
        GpuGroupPlan p => $"new GroupGpuFormat({Literal.Of(p.Tile.PackRows)}, {Literal.Of(p.Tile.StageColumns)}, "
            + $"{Literal.Of(p.N)}, {Literal.Of(p.M)}, {Literal.Of(p.StepGroups)}, {Literal.Of(p.PlaceBits)})",
        _ => throw new InvalidOperationException($"No format for {plan}."),
    };

    private static GpuSkeleton Skeleton(SourceWriter writer, GpuKernelPlan plan) => plan switch
    {
        GpuTilePlan p => new GpuTileSkeleton(writer, p),
        GpuCsrPlan p => new GpuCsrSkeleton(writer, p),
        GpuBlockPlan p => new GpuBlockSkeleton(writer, p),
        GpuGroupPlan p => new GpuGroupSkeleton(writer, p),
        _ => throw new InvalidOperationException($"No skeleton for {plan}."),
    };
}
