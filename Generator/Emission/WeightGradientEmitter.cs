using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>The kernels of weight gradients, which all shapes and patterns share: a table, and a file for each dialect.</summary>
internal static class WeightGradientEmitter
{
    public static IEnumerable<GeneratedFile> Emit(TrainingInUse use)
    {
        yield return Table(use);
        foreach (var dialect in Dialect.All)
        {
            yield return SampledCsrFile.Emit(dialect, SampledPlan.Of(dialect.Target), use.Namespace);
        }
    }

    private static GeneratedFile Table(TrainingInUse use)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        writer.Line("using global::KernelGen.Dispatch;");
        writer.Line($"using global::{VectorLibrary.Namespace};");
        writer.Line("using global::System.CodeDom.Compiler;");
        writer.Line();
        writer.Line("/// <summary>The kernels of a shape's weight gradient, for every instruction set.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Line("internal static class WeightGradients<TShape>").Indent();
        writer.Line("where TShape : struct, IShape").Outdent().Open();
        writer.Line("public static SampledKernel[] Kernels { get; } =").Line("[").Indent();
        foreach (var plan in Dialect.All.Select(dialect => SampledPlan.Of(dialect.Target)))
        {
            writer.Line($"{plan.ClassName}<TShape>.Kernel,");
        }

        writer.Outdent().Line("];").Close();
        return FileFrame.End(writer, use.Namespace, "WeightGradients");
    }
}
