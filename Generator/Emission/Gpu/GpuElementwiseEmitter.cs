using System;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>
/// What runs alone, element by element: the slope of the last layer's activation, since there is no product behind that could multiply by it; and activations
/// whose slope needs what they take, so that both must be kept.
/// </summary>
internal static class GpuElementwiseEmitter
{
    public const string Class = "GpuElementwise";

    private static readonly string[] Fields = [".X", ".Y", ".Z", ".W"];

    public static GeneratedFile Emit(InUse<FusedActivation> use)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        FileFrame.Usings(writer, GpuDialect.Instance, "KernelGen.Gpu.Kernels");
        writer.Line();
        writer.Line("/// <summary>Activations and their slopes where no product is fused with them: groups of 256 threads, four elements each.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {Class}");
        foreach (var fused in use.Values)
        {
            writer.Line($"public static ElementwiseKernels {fused.TypeName} {{ get; }} = new({Slope(fused)}, {(fused.HidesSlope ? Activate(fused) : "null")});");
        }

        foreach (var fused in use.Values)
        {
            Method(writer, Slope(fused), "A gradient times the slope.", takesGradient: true, field => GpuSlopeEmitter.Call(fused, $"kept{field}", $"given{field}"));
            if (fused.HidesSlope)
            {
                Method(writer, Activate(fused), "The activation of what is kept.", takesGradient: false, field => ActivationEmitter.Call(GpuDialect.Instance, fused, $"kept{field}"));
            }
        }

        writer.Close();
        return FileFrame.End(writer, use.Namespace, Class);
    }

    private static string Slope(FusedActivation fused) => $"MultiplyBySlopeOf{fused.TypeName}";

    private static string Activate(FusedActivation fused) => $"Apply{fused.TypeName}";

    private static void Method(SourceWriter writer, string name, string summary, bool takesGradient, Func<string, string> value)
    {
        var values = Fields.Select(value).ToList();
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Open($"private static void {name}(ArrayView<float> source, ArrayView<float> gradient, ArrayView<float> target, int count)");
        writer.Line("var i = (Grid.IdxX * 256) + Group.IdxX;");
        writer.Open("if (i < count / 4)");
        writer.Line("var kept = source.Cast<Quad>()[i];");
        if (takesGradient)
        {
            writer.Line("var given = gradient.Cast<Quad>()[i];");
        }

        writer.Line("var results = target.Cast<Quad>();");
        writer.Line($"results[i] = new Quad({string.Join(", ", values)});");
        writer.Close();
        writer.Close();
    }
}
