namespace KernelGen.Reference;

/// <summary>The error function in double precision; the absolute error is below 1e-15.</summary>
internal static class ErrorFunction
{
    // The series below loses nothing but converges slowly for large x; the continued fraction the other way round.
    private const double SeriesEnd = 1.5;

    private const double TwoOverRootPi = 1.12837916709551257390;

    private const double RootPi = 1.77245385090551602730;

    /// <summary>erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.</summary>
    public static double Erf(double x) => Math.Abs(x) < SeriesEnd ? Series(x) : Math.CopySign(1 - Tail(Math.Abs(x)), x);

    /// <summary>erfc(x) = 1 - erf(x), without cancellation for large x.</summary>
    public static double Erfc(double x) => x < SeriesEnd ? 1 - Erf(x) : Tail(x);

    /// <summary>
    /// erf(x) = 2/sqrt(pi) exp(-x^2) (x + 2/3 x^3 + 4/15 x^5 + ...): every term has x's sign (Abramowitz and Stegun 7.1.6).
    /// </summary>
    private static double Series(double x)
    {
        var term = x;
        var sum = x;
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return TwoOverRootPi * Math.Exp(-x * x) * sum;
    }

    /// <summary>erfc(x) = exp(-x^2) / sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), from the inside out (7.1.14).</summary>
    private static double Tail(double x)
    {
        // NaN comes back as NaN, infinity as 0.
        const int Terms = 120;
        var fraction = x;
        for (var n = Terms; n > 0; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / RootPi / fraction;
    }
}
