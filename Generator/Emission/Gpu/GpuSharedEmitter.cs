using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>What all GPU kernels of a compilation share: the activations in use, and the rearrangements at a model's ends.</summary>
internal static class GpuSharedEmitter
{
    public const string TransformsClass = "GpuTransforms";

    private const string Parameters = "ArrayView<float> source, ArrayView<float> target, int features, int batch, int stride";

    public static IEnumerable<GeneratedFile> Emit(InUse<FusedActivation> use)
    {
        yield return Transforms(use.Namespace);
        if (use.Values.Any(fused => fused.Activation != Activation.None))
        {
            yield return Activations(use.Values.Select(fused => fused.Activation), use.Namespace);
        }
    }

    /// <summary>One file with one class, for those activations that are in use, other than None.</summary>
    public static GeneratedFile Activations(IEnumerable<Activation> activations, string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, GpuDialect.Instance);
        ActivationEmitter.Class(writer, GpuDialect.Instance, activations, isLibrary: false);
        return FileFrame.End(writer, kernelNamespace, ActivationEmitter.ClassName(GpuDialect.Instance));
    }

    private static GeneratedFile Transforms(string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, GpuDialect.Instance, "KernelGen.Gpu.Kernels");
        writer.Line();
        writer.Line("/// <summary>Between a caller's batch and [features][stride], where kernels keep it: groups of 256 threads, 32 x 32 elements.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {TransformsClass}");
        writer.Line("public static TransformKernels All { get; } = new(FromRowMajor, ToRowMajor, FromFeatureMajor, ToFeatureMajor);");
        Transpose(
            writer,
            "FromRowMajor",
            "[batch][features] to [features][stride]; zeros behind the last sample.",
            "tile[(i * 33) + lane] = firstSample + i < batch && firstFeature + lane < features ? source[((firstSample + i) * features) + firstFeature + lane] : 0f;",
            "firstFeature + i < features",
            "target[((firstFeature + i) * stride) + firstSample + lane] = tile[(lane * 33) + i];");
        Transpose(
            writer,
            "ToRowMajor",
            "[features][stride] to [batch][features].",
            "tile[(i * 33) + lane] = firstFeature + i < features ? source[((firstFeature + i) * stride) + firstSample + lane] : 0f;",
            "firstSample + i < batch && firstFeature + lane < features",
            "target[((firstSample + i) * features) + firstFeature + lane] = tile[(lane * 33) + i];");
        Copy(
            writer,
            "FromFeatureMajor",
            "[features][batch] to [features][stride]; zeros behind the last sample.",
            "feature < features",
            "target[(feature * stride) + sample] = sample < batch ? source[(feature * batch) + sample] : 0f;");
        Copy(
            writer,
            "ToFeatureMajor",
            "[features][stride] to [features][batch].",
            "feature < features && sample < batch",
            "target[(feature * batch) + sample] = source[(feature * stride) + sample];");
        writer.Close();
        return FileFrame.End(writer, kernelNamespace, TransformsClass);
    }

    private static void Transpose(SourceWriter writer, string name, string summary, string load, string condition, string store)
    {
        Begin(writer, name, summary);
        writer.Line("// A column more than the square has: the lanes of a column meet different banks.");
        writer.Line("var tile = SharedMemory.Allocate<float>(32 * 33);");
        writer.Line("var firstSample = Grid.IdxX * 32;");
        writer.Line("var firstFeature = Grid.IdxY * 32;");
        writer.Open("for (var i = warp; i < 32; i += 8)");
        writer.Line(load);
        writer.Close().Line();
        writer.Line("Group.Barrier();");
        writer.Open("for (var i = warp; i < 32; i += 8)");
        writer.Open($"if ({condition})").Line(store).Close();
        writer.Close();
        writer.Close();
    }

    private static void Copy(SourceWriter writer, string name, string summary, string condition, string store)
    {
        Begin(writer, name, summary);
        writer.Line("var sample = (Grid.IdxX * 32) + lane;");
        writer.Open("for (var i = warp; i < 32; i += 8)");
        writer.Line("var feature = (Grid.IdxY * 32) + i;");
        writer.Open($"if ({condition})").Line(store).Close();
        writer.Close();
        writer.Close();
    }

    private static void Begin(SourceWriter writer, string name, string summary)
    {
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Open($"private static void {name}({Parameters})");
        writer.Line("var lane = Group.IdxX & 31;");
        writer.Line("var warp = Group.IdxX >> 5;");
    }
}
