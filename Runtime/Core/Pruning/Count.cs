namespace KernelGen.Pruning;

/// <summary>Turns fractions of a count into whole numbers.</summary>
internal static class Count
{
    /// <summary>
    /// The nearest whole number, halves up, as if the product had been computed without error: (1 - 0.9) * 15 is 1.5 and gives 2,
    /// although doubles say 1.4999999999999996.
    /// </summary>
    public static long Nearest(double value) => (long)Math.Round(Math.Round(value, 9), MidpointRounding.AwayFromZero);
}
