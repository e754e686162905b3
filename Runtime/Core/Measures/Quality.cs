namespace KernelGen.Measures;

/// <summary>How many predictions of a classifier were right.</summary>
/// <param name="Correct">Right predictions.</param>
/// <param name="Samples">All predictions, at least 1.</param>
/// <param name="Classes">Classes to choose from, at least 1; guessing gets Samples / Classes right.</param>
public sealed record Quality(long Correct, long Samples, int Classes)
{
    /// <summary>Correct / Samples.</summary>
    public double Accuracy => (double)Correct / Samples;

    /// <summary>
    /// The right predictions beyond guessing, each weighed by its hardness: with g right by guessing, the i-th of n right ones counts
    /// (n - g) / (n - i + 1), inversely as what is left to get right before it. The first beyond guessing counts 1; the last of all n - g.
    /// In all (n - g) (H(n - g) - H(n - Correct)) with the harmonic numbers H; negative below guessing.
    /// </summary>
    public double Hardness
    {
        get
        {
            var guessed = Samples / Classes;
            var (from, to) = (Math.Min(guessed, Correct), Math.Max(guessed, Correct));
            var sum = 0.0;
            for (var i = from + 1; i <= to; i++)
            {
                sum += (double)(Samples - guessed) / (Samples - i + 1);
            }

            return Correct >= guessed ? sum : -sum;
        }
    }

    /// <summary>Checks that the numbers belong together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    internal Quality Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Correct, Samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(Classes, 1);
        return this;
    }
}
