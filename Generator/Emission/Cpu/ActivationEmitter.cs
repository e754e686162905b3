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
    /// <summary>All activations.</summary>
    public static GeneratedFile EmitLibrary(Dialect dialect)
    {
        var writer = VectorLibrary.Begin(dialect);
        Class(writer, dialect, Enum.GetValues(typeof(Activation)).Cast<Activation>(), isLibrary: true);
        return VectorLibrary.End(writer, ClassName(dialect));
    }

    /// <summary>The class of some activations. In the library, emitted code calls those with a parameter alone: the others have types.</summary>
    public static void Class(SourceWriter writer, Dialect dialect, IEnumerable<Activation> activations, bool isLibrary)
    {
        var functions = activations.Distinct().Where(a => a != Activation.None).OrderBy(a => a)
            .Select(ActivationFunctions.Of).ToList();
        var helpers = functions.SelectMany(f => f.Helpers).Distinct().ToList();
        writer.Line();
        writer.Line($"/// <summary>Activations of {Width(dialect)}.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"{(isLibrary ? "public" : "internal")} static class {ClassName(dialect)}");
        var first = true;
        foreach (var function in functions.Concat(helpers))
        {
            if (!first)
            {
                writer.Line();
            }

            first = false;
            var slope = function.HasSlope ? $", {dialect.Vector} slope" : "";
            var access = helpers.Contains(function) ? "private" : function.HasSlope || !isLibrary ? "public" : "internal";
            Method(writer, dialect, function, $"{dialect.Vector} x{slope}", access);
        }

        writer.Close();
    }

    /// <summary>The expression of an activated value, to be used where the class's namespace is imported.</summary>
    public static string Call(Dialect dialect, FusedActivation fused, string value) => fused.Activation switch
    {
        Activation.None => value,
        Activation.LeakyRelu => $"{ClassName(dialect)}.LeakyRelu({value}, {dialect.Constant(fused.NegativeSlope)})",
        _ => $"{ClassName(dialect)}.{ActivationFunctions.Of(fused.Activation).Name}({value})",
    };

    /// <summary>One function.</summary>
    public static void Method(SourceWriter writer, Dialect dialect, ActivationFunction function, string parameters, string access)
    {
        writer.Line($"/// <summary>{function.Summary}</summary>");
        writer.Line($"/// <remarks>{function.Remarks}</remarks>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Open($"{access} static {dialect.Vector} {function.Name}({parameters})");
        foreach (var line in function.Body(dialect))
        {
            writer.Line(line);
        }

        writer.Close();
    }

    public static string ClassName(Dialect dialect) => $"{dialect.Name}Activations";

    private static string Width(Dialect dialect) => dialect.Lanes == 1 ? "single floats" : $"vectors of {dialect.Lanes} floats";
}
