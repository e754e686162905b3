namespace KernelGen.Pruning;

/// <summary>Shares in given proportions, each within bounds of its own.</summary>
internal static class BoundedShares
{
    /// <summary>Finds the factor f for which the sum of clamp(f * proportion, minimum, capacity) is a total.</summary>
    /// <param name="parts">Who shares: proportions above 0.</param>
    /// <param name="total">What is shared.</param>
    /// <returns>The factor; 0 where all stand at their minima, infinity where all are full.</returns>
    public static double Factor(IReadOnlyList<Part> parts, double total)
    {
        // The sum is piecewise linear in the factor, and never falls: its corners are where a part leaves or meets a bound.
        double[] corners = [0, .. parts.SelectMany(part => new[] { part.Minimum / part.Proportion, part.Capacity / part.Proportion }).Order()];
        if (total >= Sum(parts, corners[^1]))
        {
            return double.PositiveInfinity;
        }

        var corner = Array.FindLastIndex(corners, factor => Sum(parts, factor) <= total);
        if (corner < 0)
        {
            return 0;
        }

        var (from, to) = (corners[corner], corners[corner + 1]);
        var open = parts.ToLookup(part => part.Minimum / part.Proportion <= from && part.Capacity / part.Proportion >= to);
        return (total - open[false].Sum(part => part.At(from))) / open[true].Sum(part => part.Proportion);
    }

    private static double Sum(IReadOnlyList<Part> parts, double factor) => parts.Sum(part => part.At(factor));

    /// <summary>One of those who share.</summary>
    /// <param name="Proportion">Its share where no bound holds, up to the common factor.</param>
    /// <param name="Minimum">What it gets at least.</param>
    /// <param name="Capacity">What it gets at most, not below the minimum.</param>
    public sealed record Part(double Proportion, double Minimum, double Capacity)
    {
        /// <summary>Its share at a factor.</summary>
        public double At(double factor) => Math.Clamp(factor * Proportion, Minimum, Capacity);
    }
}
