using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Emission.Gpu;

/// <summary>
/// Gradients times the slopes of the activations in use. A slope is told from the activation's result, or where it hides it from what the activation took.
/// </summary>
internal static class GpuSlopeEmitter
{
    private const string Class = "GpuSlopes";

    private static readonly ActivationFunction Relu = new(
        "Relu", "Where the result x is above 0.", "A selection: an infinite gradient times 0 would be NaN. A NaN counts as above 0.", _ => ["return x <= 0f ? 0f : gradient;"]);

    private static readonly ActivationFunction LeakyRelu = new(
        "LeakyRelu", "1 above 0, the slope below.", "Rounded once. A NaN counts as above 0.", _ => ["return x <= 0f ? gradient * slope : gradient;"])
    { HasSlope = true };

    private static readonly ActivationFunction Sigmoid = new(
        "Sigmoid", "x (1 - x), x the result.", "Rounded three times.", _ => ["return gradient * (1f - x) * x;"]);

    private static readonly ActivationFunction Tanh = new(
        "Tanh", "1 - x^2, x the result.", "Rounded three times.", _ => ["return gradient * (1f - (x * x));"]);

    private static readonly ActivationFunction Gelu = new(
        "Gelu",
        "erfc(-x / sqrt 2) / 2 + x exp(-x^2 / 2) / sqrt(2 pi).",
        "Within 2e-7. NaN at the infinities, as the formula.",
        d => [.. ActivationFunctions.Erfc(d), "return gradient * ((0.5f * erfc) + (x * 0.3989423f * Exp(-0.5f * x * x)));"],
        ActivationFunctions.Exp,
        ActivationFunctions.Exp2);

    private static readonly ActivationFunction GeluTanh = new(
        "GeluTanh",
        "s + x s (1 - s) 2u', s = 1 / (1 + exp(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3).",
        "Within 5e-7: 1 - s = s exp(-2u), so that no digits cancel. Beyond 10 it is 1, and below -10 it is 0, within that.",
        _ =>
        [
            "x = x < -10f ? -10f : x;",
            "x = x > 10f ? 10f : x;",
            "var square = x * x;",
            "var e = Exp(x * ((square * -0.07135482f) - 1.5957691f));",
            "var s = 1f / (1f + e);",
            "return gradient * (s + (x * (e * s) * s * ((square * 0.21406445f) + 1.5957691f)));",
        ],
        ActivationFunctions.Exp);

    private static readonly ActivationFunction Silu = new(
        "Silu",
        "s (1 + x (1 - s)), s = 1 / (1 + exp(-x)).",
        "Within 5e-7: 1 - s = s exp(-x), so that no digits cancel. Below -87 it is 0, within that; NaN at infinity, as the formula.",
        _ => ["x = x < -87f ? -87f : x;", "var e = Exp(-x);", "var s = 1f / (1f + e);", "return gradient * s * (1f + (x * (e * s)));"],
        ActivationFunctions.Exp);

    public static GeneratedFile Emit(InUse<FusedActivation> use)
    {
        var functions = use.Values.Select(Of).Distinct().ToList();
        var helpers = functions.SelectMany(function => function.Helpers).Distinct().ToList();
        var writer = new SourceWriter();
        FileFrame.Begin(writer, use.Namespace);
        FileFrame.Usings(writer, GpuDialect.Instance);
        writer.Line();
        writer.Line("/// <summary>A gradient times the slope of an activation, for single floats.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open($"internal static class {Class}");
        for (var i = 0; i < functions.Count; i++)
        {
            Separate(writer, i);
            var slope = functions[i].HasSlope ? ", float slope" : "";
            ActivationEmitter.Method(writer, GpuDialect.Instance, functions[i], $"float x, float gradient{slope}", "public");
        }

        foreach (var helper in helpers)
        {
            writer.Line();
            ActivationEmitter.Method(writer, GpuDialect.Instance, helper, "float x", "private");
        }

        writer.Close();
        return FileFrame.End(writer, use.Namespace, Class);
    }

    /// <summary>The expression of a gradient times the slope.</summary>
    public static string Call(FusedActivation fused, string kept, string gradient) => Of(fused) is var function && function.HasSlope
        ? $"{Class}.{function.Name}({kept}, {gradient}, {Literal.Of(fused.NegativeSlope)})"
        : $"{Class}.{function.Name}({kept}, {gradient})";

    private static void Separate(SourceWriter writer, int index)
    {
        if (index > 0)
        {
            writer.Line();
        }
    }

    private static ActivationFunction Of(FusedActivation fused) => fused.Activation switch
    {
        Activation.Relu => Relu,
        Activation.LeakyRelu => fused.NegativeSlope == 0 ? Relu : LeakyRelu,
        Activation.Gelu => Gelu,
        Activation.GeluTanh => GeluTanh,
        Activation.Sigmoid => Sigmoid,
        Activation.Tanh => Tanh,
        Activation.Silu => Silu,
        _ => throw new ArgumentOutOfRangeException(nameof(fused), fused, "An activation without a slope."),
    };
}
