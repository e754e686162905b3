using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>The file that holds one kind's kernels for one instruction set.</summary>
internal static class CpuKernelFile
{
    public static GeneratedFile Emit(KernelKind kind, Dialect dialect, IReadOnlyList<KernelPlan> plans, string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, dialect, "KernelGen.Formats");
        writer.Line($"using static global::{kernelNamespace}.{VectorsEmitter.ClassName(dialect)};");
        writer.Line();
        writer.Line($"/// <summary>{KindText.Summary(kind)}, on {KindText.TargetName(dialect.Target)}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static unsafe class {ClassName(kind, dialect)}");
        for (var i = 0; i < plans.Count; i++)
        {
            if (i > 0)
            {
                writer.Line();
            }

            Skeleton(writer, dialect, plans[i]);
        }

        writer.Close();
        return FileFrame.End(writer, kernelNamespace, ClassName(kind, dialect));
    }

    public static string ClassName(KernelKind kind, Dialect dialect) => kind.ClassName + dialect.Name;

    private static void Skeleton(SourceWriter writer, Dialect dialect, KernelPlan plan)
    {
        switch (plan)
        {
            case PanelCsrPlan p:
                new PanelCsrSkeleton(writer, dialect, p).Emit();
                break;
            case PanelTilePlan p:
                new PanelTileSkeleton(writer, dialect, p).Emit();
                break;
            case VectorWindowPlan p:
                new VectorWindowSkeleton(writer, dialect, p).Emit();
                break;
            case VectorGroupPlan p:
                new VectorGroupSkeleton(writer, dialect, p).Emit();
                break;
            case VectorBlockPlan p:
                new VectorBlockSkeleton(writer, dialect, p).Emit();
                break;
            case VectorColumnPlan p:
                new VectorColumnSkeleton(writer, dialect, p).Emit();
                break;
            default:
                throw new InvalidOperationException($"No skeleton for {plan}.");
        }
    }
}
