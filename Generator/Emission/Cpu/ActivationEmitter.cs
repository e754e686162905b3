using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu.Library;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// Activations as methods of a dialect: "Avx512Activations.Gelu". Each errs, for every float, by less than the
/// larger of 4 ulp and 1e-7 max(1, |x|).
/// </summary>
internal static class ActivationEmitter
{
    /// <summary>One file with one class, for those activations that are in use, other than None.</summary>
    public static GeneratedFile Emit(Dialect dialect, IEnumerable<Activation> activations, string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, dialect);
        Class(writer, dialect, activations, "internal");
        return FileFrame.End(writer, kernelNamespace, ClassName(dialect));
    }

    /// <summary>All activations.</summary>
    public static GeneratedFile EmitLibrary(Dialect dialect)
    {
        var writer = VectorLibrary.Begin(dialect);
        Class(writer, dialect, Enum.GetValues(typeof(Activation)).Cast<Activation>(), "public");
        return VectorLibrary.End(writer, ClassName(dialect));
    }

    private static void Class(SourceWriter writer, Dialect dialect, IEnumerable<Activation> activations, string access)
    {
        var functions = activations.Distinct().Where(a => a != Activation.None).OrderBy(a => a)
            .Select(ActivationFunctions.Of).ToList();
        var helpers = functions.SelectMany(f => f.Helpers).Distinct().ToList();
        writer.Line();
        writer.Line($"/// <summary>Activations of {Width(dialect)}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"{access} static class {ClassName(dialect)}");
        var first = true;
        foreach (var function in functions.Concat(helpers))
        {
            if (!first)
            {
                writer.Line();
            }

            first = false;
            var slope = function.HasSlope ? $", {dialect.Vector} slope" : "";
            Method(writer, dialect, function, $"{dialect.Vector} x{slope}", isHelper: helpers.Contains(function));
        }

        writer.Close();
    }

    /// <summary>The expression of an activated value, to be used in the kernel namespace.</summary>
    public static string Call(Dialect dialect, FusedActivation fused, string value) => fused.Activation switch
    {
        Activation.None => value,
        Activation.LeakyRelu => $"{ClassName(dialect)}.LeakyRelu({value}, {dialect.Constant(fused.NegativeSlope)})",
        _ => $"{ClassName(dialect)}.{ActivationFunctions.Of(fused.Activation).Name}({value})",
    };

    /// <summary>One function.</summary>
    public static void Method(SourceWriter writer, Dialect dialect, ActivationFunction function, string parameters, bool isHelper)
    {
        writer.Line($"/// <summary>{function.Summary}</summary>");
        writer.Line($"/// <remarks>{function.Remarks}</remarks>");
        var access = isHelper ? "private" : "public";
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Open($"{access} static {dialect.Vector} {function.Name}({parameters})");
        foreach (var line in function.Body(dialect))
        {
            writer.Line(line);
        }

        writer.Close();
    }

    private static string ClassName(Dialect dialect) => $"{dialect.Name}Activations";

    private static string Width(Dialect dialect) => dialect.Lanes == 1 ? "single floats" : $"vectors of {dialect.Lanes} floats";
}
