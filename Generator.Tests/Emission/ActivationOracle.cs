using KernelGen.Generator;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>The activations in double, straight from their definitions.</summary>
internal static class ActivationOracle
{
    public static double Of(Activation activation, double slope, double x) => activation switch
    {
        Activation.None => x,
        Activation.Relu => x < 0 ? 0 : x,
        Activation.LeakyRelu => x < 0 ? slope * x : x,
        Activation.Gelu => x / 2 * OnePlusErf(x / Math.Sqrt(2)),
        Activation.GeluTanh => x / 2 * OnePlusTanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>1 + erf(x) without cancellation: a series near zero, a continued fraction for erfc elsewhere.</summary>
    private static double OnePlusErf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (Math.Abs(x) < 2)
        {
            return 1 + ErfSeries(x);
        }

        var tail = ErfcTail(Math.Abs(x));
        return x < 0 ? tail : 2 - tail;
    }

    /// <summary>erf(x) = 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 * 3 * ... (2n + 1)): all terms have one sign.</summary>
    private static double ErfSeries(double x)
    {
        var term = x;
        var sum = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>erfc(x) = exp(-x^2) / sqrt(pi) / (x + 1/2 / (x + 1 / (x + 3/2 / (x + ...)))), from the back.</summary>
    private static double ErfcTail(double x)
    {
        if (x > 30)
        {
            return 0;
        }

        var fraction = x;
        for (var k = 100; k > 0; k--)
        {
            fraction = x + (k / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }

    /// <summary>1 + tanh(u) = 2 / (1 + exp(-2u)), which keeps its digits where tanh(u) is near -1.</summary>
    private static double OnePlusTanh(double u) => 2 / (1 + Math.Exp(-2 * u));
}
