using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>
/// One skeleton for each function of the emitted activations. The polynomials are minimax fits, with rounded coefficients.
/// </summary>
internal static class ActivationFunctions
{
    /// <summary>1.5 * 2^23 + 127: a float of this size has no bits below 1, so that adding it rounds to an integer.</summary>
    private const float Shift = 12583039f;

    private const float Log2E = 1.44269504f;

    /// <summary>ln 2 in two parts. The first has 16 bits: its products with exponents are exact.</summary>
    private const float Ln2High = 45426f / 65536f;

    private const float Ln2Low = 1.42860677e-6f;

    /// <summary>exp(r) = 1 + r + r^2 P(r) for |r| up to ln(2)/2, within 1.4e-8 of exp(r) - 1.</summary>
    private static readonly float[] ExpTail = [0.49999997f, 0.16666546f, 0.041667435f, 0.008366263f, 0.0013870667f];

    /// <summary>2^r for |r| up to 1/2, within 3e-9.</summary>
    private static readonly float[] Exp2Series =
        [1f, 0.6931472f, 0.24022648f, 0.055503596f, 0.009618503f, 0.0013390998f, 0.0001532783f];

    /// <summary>
    /// log2(erfc(t / sqrt 2)) / t for t in [0, 6]. The power of two of t times this is erfc within 3e-8 of itself up to t = 1,
    /// and within 1.4e-8 from there on. Beyond 6 it falls on and on, so that the power vanishes.
    /// </summary>
    private static readonly float[] LogErfc =
    [
        -1.1511058f, -0.45920295f, -0.05251246f, 0.007086813f, -0.0001545991f, -0.0001789733f, 3.7880203e-05f, -2.7112026e-06f,
    ];

    public static readonly ActivationFunction Exp = new(
        "Exp",
        "exp(x) = 2^n exp(r), n = round(x / ln 2).",
        "A polynomial of degree 6 in r; within 2 ulp. Below 2^-126.5 it gives 0, above 2^127.5 infinity.",
        ExpBody);

    public static readonly ActivationFunction Exp2 = new(
        "Exp2",
        "2^x = 2^n 2^r, n = round(x).",
        "A polynomial of degree 6 in r; within 2 ulp. Below 2^-126.5 it gives 0, above 2^127.5 infinity.",
        Exp2Body);

    /// <summary>The function of an activation other than None.</summary>
    public static ActivationFunction Of(Activation activation) => activation switch
    {
        Activation.Relu => Relu,
        Activation.LeakyRelu => LeakyRelu,
        Activation.Gelu => Gelu,
        Activation.GeluTanh => GeluTanh,
        Activation.Sigmoid => Sigmoid,
        Activation.Tanh => Tanh,
        Activation.Silu => Silu,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "An activation without a function."),
    };

    private static ActivationFunction Relu { get; } = new(
        "Relu",
        "max(0, x).",
        "Exact; NaN stays NaN.",
        d => [$"return {d.Max(d.Constant(0), "x")};"]);

    private static ActivationFunction LeakyRelu { get; } = new(
        "LeakyRelu",
        "x, or slope x below 0.",
        "Rounded once.",
        d => [$"return {d.SelectLess("x", d.Constant(0), "x * slope", "x")};"])
    { HasSlope = true };

    private static ActivationFunction Gelu { get; } = new(
        "Gelu",
        "x/2 (1 + erf(x / sqrt 2)) = x/2 erfc(-x / sqrt 2).",
        "With t = |x|: erfc(t / sqrt 2) = 2^(t P(t)), P of degree 7, and erfc(-z) = 2 - erfc(z). Within 3 ulp above 0; "
            + "below 0 within 4e-8 max(1, |x|). NaN at -infinity, as the formula.",
        GeluBody,
        Exp2);

    private static ActivationFunction GeluTanh { get; } = new(
        "GeluTanh",
        "x/2 (1 + tanh u) = x / (1 + exp(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3).",
        "Within 3 ulp above 0; below 0 within 4e-8 max(1, |x|). NaN at -infinity, as the formula.",
        GeluTanhBody,
        Exp2);

    private static ActivationFunction Sigmoid { get; } = new(
        "Sigmoid",
        "1 / (1 + exp(-x)).",
        "Within 3 ulp, or 1.2e-38 where it is that small.",
        d => [$"return {d.Constant(1)} / ({d.Constant(1)} + Exp(-x));"],
        Exp);

    private static ActivationFunction Tanh { get; } = new(
        "Tanh",
        "tanh(x) = e / (e + 2), e = exp(2|x|) - 1, with the sign of x.",
        "e = 2^n (exp(r) - 1) + 2^n - 1, so that no digits cancel near 0; within 3 ulp.",
        TanhBody);

    private static ActivationFunction Silu { get; } = new(
        "Silu",
        "x / (1 + exp(-x)).",
        "Within 3 ulp, or 1.2e-38 |x| where it is that small. NaN at -infinity, as the formula.",
        d => [$"return x / ({d.Constant(1)} + Exp(-x));"],
        Exp);

    private static IEnumerable<string> ExpBody(Dialect d)
    {
        yield return $"x = {d.Max(d.Constant(-88.1f), "x")};";
        yield return $"x = {d.Min(d.Constant(88.8f), "x")};";
        foreach (var line in Reduce(d, "x"))
        {
            yield return line;
        }

        foreach (var line in Polynomial.Horner(d, "p", "r", [1f, 1f, .. ExpTail]))
        {
            yield return line;
        }

        yield return $"return p * {d.PowerOfTwo("shifted")};";
    }

    private static IEnumerable<string> Exp2Body(Dialect d)
    {
        yield return $"x = {d.Max(d.Constant(-127f), "x")};";
        yield return $"x = {d.Min(d.Constant(128f), "x")};";
        yield return $"var shifted = x + {d.Constant(Shift)};";
        yield return $"var r = x - (shifted - {d.Constant(Shift)});";
        foreach (var line in Polynomial.Horner(d, "p", "r", Exp2Series))
        {
            yield return line;
        }

        yield return $"return p * {d.PowerOfTwo("shifted")};";
    }

    private static IEnumerable<string> TanhBody(Dialect d)
    {
        yield return $"var t = {d.Abs("x")};";
        yield return $"t = {d.Min(d.Constant(10f), "t")};";
        yield return "t += t;";
        foreach (var line in Reduce(d, "t"))
        {
            yield return line;
        }

        foreach (var line in Polynomial.Horner(d, "p", "r", ExpTail))
        {
            yield return line;
        }

        yield return $"p = {d.Fma("p", "r * r", "r")};";
        yield return $"var power = {d.PowerOfTwo("shifted")};";
        yield return $"var rest = power - {d.Constant(1)};";
        yield return $"var e = {d.Fma("p", "power", "rest")};";
        yield return $"return {d.CopySign($"e / (e + {d.Constant(2)})", "x")};";
    }

    private static IEnumerable<string> GeluBody(Dialect d)
    {
        foreach (var line in Erfc(d))
        {
            yield return line;
        }

        yield return $"return {d.Constant(0.5f)} * x * erfc;";
    }

    /// <summary>erfc = 1 + erf(x / sqrt 2).</summary>
    public static IEnumerable<string> Erfc(Dialect d)
    {
        yield return $"var t = {d.Abs("x")};";
        foreach (var line in Polynomial.Horner(d, "p", "t", LogErfc))
        {
            yield return line;
        }

        yield return "var erfc = Exp2(t * p);";
        yield return $"erfc = {d.SelectLess("x", d.Constant(0), "erfc", $"{d.Constant(2)} - erfc")};";
    }

    private static IEnumerable<string> GeluTanhBody(Dialect d)
    {
        // exp(-2u) as a power of two: the scale goes into the coefficients.
        var linear = -2 * Math.Sqrt(2 / Math.PI) / Math.Log(2);
        yield return "var square = x * x;";
        yield return $"var p = {d.Fma("square", d.Constant((float)(0.044715 * linear)), d.Constant((float)linear))};";
        yield return $"return x / ({d.Constant(1)} + Exp2(x * p));";
    }

    /// <summary>n = round(x / ln 2), still shifted, and r = x - n ln 2.</summary>
    private static IEnumerable<string> Reduce(Dialect d, string x)
    {
        yield return $"var shifted = {d.Fma(x, d.Constant(Log2E), d.Constant(Shift))};";
        yield return $"var n = shifted - {d.Constant(Shift)};";
        yield return $"var r = {d.Fma("n", d.Constant(-Ln2High), x)};";
        yield return $"r = {d.Fma("n", d.Constant(-Ln2Low), "r")};";
    }
}
