using System.Linq;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>The table of one kind's kernels, which the runtime reads.</summary>
internal static class TableEmitter
{
    public static GeneratedFile Emit(KindInUse use)
    {
        var kind = use.Kind;
        var plans = Target.All.SelectMany(target => Planner.Plan(kind, target)).ToLookup(plan => plan.IsPanel);
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        writer.Line("using global::KernelGen.Dispatch;");
        writer.Line($"using global::{VectorLibrary.Namespace};");
        writer.Line("using global::System.CodeDom.Compiler;");
        writer.Line();
        writer.Line($"/// <summary>The kernels of {KindText.Summary(kind)}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {kind.ClassName}");
        writer.Line("public static LayerKernels Kernels { get; } = new(").Indent();
        foreach (var isPanel in new[] { true, false })
        {
            writer.Line(isPanel ? "panel:" : "vector:").Line("[").Indent();
            foreach (var plan in plans[isPanel])
            {
                writer.Line($"{plan.ClassName}<{kind.Shape.TypeName}, {kind.Fused.TypeName}>.{plan.Entry},");
            }

            writer.Outdent().Line(isPanel ? "]," : "]);");
        }

        writer.Outdent().Close();
        return FileFrame.End(writer, use.Namespace, kind.ClassName);
    }
}
