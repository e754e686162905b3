using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>Activations as types, which kernels fuse.</summary>
internal static class FusedActivationEmitter
{
    private const string ClassName = "FusedActivations";

    /// <summary>Those with a parameter, which a compilation's layers have given them.</summary>
    public static GeneratedFile Emit(InUse<FusedActivation> use)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        FileFrame.Usings(writer, null, VectorLibrary.Namespace, "System.Runtime.Intrinsics");
        Types(writer, use.Values, "internal");
        return FileFrame.End(writer, use.Namespace, ClassName);
    }

    /// <summary>Those that are the same for every layer.</summary>
    public static GeneratedFile EmitLibrary()
    {
        var writer = VectorLibrary.Begin(null, "System.Runtime.Intrinsics");
        Types(writer, FusedActivation.WithoutParameters, "public");
        return VectorLibrary.End(writer, ClassName);
    }

    private static void Types(SourceWriter writer, IEnumerable<FusedActivation> activations, string access)
    {
        foreach (var fused in activations)
        {
            writer.Line();
            writer.Line($"/// <summary>{KindText.Activation(fused)}.</summary>");
            writer.Line(GeneratorInfo.Attribute);
            writer.Open($"{access} readonly struct {fused.TypeName} : IActivation");
            foreach (var dialect in Dialect.All)
            {
                if (dialect != Dialect.All[0])
                {
                    writer.Line();
                }

                writer.Line("/// <inheritdoc/>");
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                writer.Line($"public static {dialect.Vector} Of({dialect.Vector} x) => {ActivationEmitter.Call(dialect, fused, "x")};");
            }

            writer.Close();
        }
    }
}
