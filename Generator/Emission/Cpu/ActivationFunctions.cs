using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>One skeleton for each function of the emitted activations. The polynomials are minimax fits, with rounded coefficients.</summary>
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
    /// log2(erfc(t / sqrt 2)) / t for t in [0, 6]: exp2 of t times this is erfc, within 2e-8 or, in the tail, 1e-8 / t of it. It falls
    /// for ever: so erfc does also beyond 6.
    /// </summary>
    private static readonly float[] LogErfc =
    [
        -1.1511084f, -0.45918307f, -0.052567925f, 0.0071627777f, -0.0002107531f, -0.00015625672f, 3.3171604e-05f, -2.3219447e-06f,
    ];

    private static readonly ActivationFunction Exp = new(
        "Exp",
        [
            "exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln(2) / 2; a polynomial of degree 6. Within 2 ulp.",
            "Below 2^-127.5 it is 0, from 2^127.5 on infinity.",
        ],
        ExpBody);

    private static readonly ActivationFunction Exp2 = new(
        "Exp2",
        [
            "2^x = 2^n 2^r, n = round(x), |r| <= 1/2; a polynomial of degree 6. Within 2 ulp.",
            "Below 2^-126.5 it is 0, from 2^127.5 on infinity.",
        ],
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
        ["max(0, x), exact; NaN stays NaN."],
        d => [$"return {d.Max(d.Constant(0), "x")};"]);

    private static ActivationFunction LeakyRelu { get; } = new(
        "LeakyRelu",
        ["x, or slope * x below 0, rounded once."],
        d => [$"return {d.SelectLess("x", d.Constant(0), "x * slope", "x")};"])
    { HasSlope = true };

    private static ActivationFunction Sigmoid { get; } = new(
        "Sigmoid",
        ["1 / (1 + exp(-x)), within 3 ulp."],
        d => [$"return {d.Constant(1)} / ({d.Constant(1)} + Exp(-x));"],
        Exp);

    private static ActivationFunction Silu { get; } = new(
        "Silu",
        ["x / (1 + exp(-x)), within 3 ulp; NaN at -infinity, as the formula says."],
        d => [$"return x / ({d.Constant(1)} + Exp(-x));"],
        Exp);

    private static ActivationFunction Tanh { get; } = new(
        "Tanh",
        [
            "e / (e + 2) with e = exp(2|x|) - 1 = 2^n (exp(r) - 1) + 2^n - 1, and the sign of x: no digits cancel near 0.",
            "Within 3 ulp. From |x| = 10 on the quotient is 1.",
        ],
        TanhBody);

    private static ActivationFunction Gelu { get; } = new(
        "Gelu",
        [
            "x Phi(x). The lesser of Phi(x) and Phi(-x) is erfc(t / sqrt 2) / 2 = 2^(t P(t) - 1), with t = |x| and a P of degree 7.",
            "Within 4 ulp for x > 0; below, within 2e-8 max(1, |x|). NaN at -infinity, as the formula x/2 (1 + erf(x / sqrt 2)) says.",
        ],
        GeluBody,
        Exp2);

    private static ActivationFunction GeluTanh { get; } = new(
        "GeluTanh",
        [
            "x/2 (1 + tanh u) = x / (1 + exp(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3).",
            "Within 4 ulp for x > 0; below, within 4e-8 max(1, |x|). NaN at -infinity, as the formula says.",
        ],
        GeluTanhBody,
        Exp2);

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
        yield return $"var t = {d.Abs("x")};";
        foreach (var line in Polynomial.Horner(d, "p", "t", LogErfc))
        {
            yield return line;
        }

        yield return $"p = {d.Fma("p", "t", d.Constant(-1))};";
        yield return "var phi = Exp2(p);";
        yield return $"phi = {d.SelectLess("x", d.Constant(0), "phi", $"{d.Constant(1)} - phi")};";
        yield return "return x * phi;";
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
