using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>The activations in use as types, which kernels fuse.</summary>
internal static class FusedActivationEmitter
{
    public static GeneratedFile Emit(InUse<FusedActivation> use)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        foreach (var name in new[] { "System.CodeDom.Compiler", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics" })
        {
            writer.Line($"using global::{name};");
        }

        writer.Line();
        writer.Line("/// <summary>An activation, as a type argument of kernels: they are compiled for each, and apply it before they store.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open("internal interface IActivation");
        foreach (var dialect in Dialect.All)
        {
            writer.Line($"static abstract {dialect.Vector} Of({dialect.Vector} x);");
        }

        writer.Close();
        // Sums that aren't finished go to PanelCsr's scratch as they are.
        foreach (var fused in use.Values.Contains(FusedActivation.None) ? use.Values : use.Values.Prepend(FusedActivation.None))
        {
            writer.Line();
            writer.Line($"/// <summary>{KindText.Activation(fused)}.</summary>");
            writer.Line(GeneratorInfo.Attribute);
            writer.Open($"internal readonly struct {fused.TypeName} : IActivation");
            foreach (var dialect in Dialect.All)
            {
                if (dialect != Dialect.All[0])
                {
                    writer.Line();
                }

                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                writer.Line($"public static {dialect.Vector} Of({dialect.Vector} x) => {ActivationEmitter.Call(dialect, fused, "x")};");
            }

            writer.Close();
        }

        return FileFrame.End(writer, use.Namespace, "FusedActivations");
    }
}
