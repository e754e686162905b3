namespace KernelGen.Pruning;

/// <summary>Prunes single weights.</summary>
public static class UnstructuredMask
{
    /// <summary>Keeps the active weights with the highest scores; of equal scores the lowest index stays.</summary>
    /// <param name="scores">A score per weight; those of inactive weights don't matter.</param>
    /// <param name="count">Weights to keep.</param>
    /// <param name="mask">The active weights; only ever loses some.</param>
    /// <returns>Whether the mask changed.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or an active weight's score is NaN.</exception>
    public static bool Keep(ReadOnlySpan<float> scores, long count, Span<bool> mask)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return !scores.IsEmpty && UnitRanking.Of(scores, mask, new BlockGrid(1, scores.Length, 1, 1)).Keep(count, mask);
    }
}
