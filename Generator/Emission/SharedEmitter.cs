using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Strips;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>What all kernels of a compilation share: the activations in use, and the transposes at a model's ends.</summary>
internal static class SharedEmitter
{
    public static IEnumerable<GeneratedFile> Emit(InUse<FusedActivation> use)
    {
        var kernelNamespace = use.Namespace;
        var activations = use.Values.Select(fused => fused.Activation).Where(activation => activation != Activation.None).Distinct().ToList();
        yield return Transforms(kernelNamespace);
        yield return FusedActivationEmitter.Emit(use);
        yield return StripInterfaceEmitter.Emit(kernelNamespace);
        foreach (var dialect in Dialect.All)
        {
            yield return VectorsEmitter.Emit(dialect, kernelNamespace);
            yield return TransformEmitter.Emit(dialect, kernelNamespace);
            if (activations.Count > 0)
            {
                yield return ActivationEmitter.Emit(dialect, activations, kernelNamespace);
            }
        }
    }

    private static GeneratedFile Transforms(string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        writer.Line("using global::KernelGen;");
        writer.Line("using global::KernelGen.Dispatch;");
        writer.Line("using global::System.CodeDom.Compiler;");
        writer.Line();
        writer.Line("/// <summary>The transposes between row-major batches and panels, for every instruction set.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open("internal static unsafe class PanelTransforms");
        writer.Line("public static PanelTransform[] All { get; } =");
        writer.Line("[");
        writer.Indent();
        foreach (var dialect in Dialect.All)
        {
            var name = TransformEmitter.ClassName(dialect);
            writer.Line($"new PanelTransform(InstructionSet.{dialect.Name}, &{name}.Pack, &{name}.Unpack),");
        }

        writer.Outdent().Line("];");
        writer.Close();
        return FileFrame.End(writer, kernelNamespace, "PanelTransforms");
    }
}
