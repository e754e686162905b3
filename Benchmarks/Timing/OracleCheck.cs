namespace KernelGen.Benchmarks.Timing;

/// <summary>No time counts whose result is wrong.</summary>
internal static class OracleCheck
{
    /// <summary>The largest difference from the oracle that is allowed, as a share of the largest output.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Runs a contestant once, and compares.</summary>
    /// <exception cref="InvalidOperationException">A result is wrong.</exception>
    public static void Run(string name, Action run, Func<float[]> result, IReadOnlyList<double> expected)
    {
        run();
        var actual = result();
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Count; i++)
        {
            // A NaN must fail, too.
            if (!(Math.Abs(actual[i] - expected[i]) <= Tolerance * scale))
            {
                throw new InvalidOperationException($"{name}: output {i} is {actual[i]}, where the oracle has {expected[i]}.");
            }
        }
    }
}
