namespace KernelGen.Pruning;

/// <summary>Prunes weights within groups of consecutive weights of a row, as N:M sparsity does.</summary>
public static class NMMask
{
    /// <summary>
    /// Keeps the active weights with the highest scores of each group; of equal scores the lowest index stays. The last group
    /// of a row may be cut; it keeps as many, if it has them.
    /// </summary>
    /// <param name="scores">A score per weight, row-major; those of inactive weights don't matter.</param>
    /// <param name="columns">Weights in a row (inputs).</param>
    /// <param name="group">Weights in a group (M).</param>
    /// <param name="count">Weights to keep in each group (N).</param>
    /// <param name="mask">The active weights; only ever loses some.</param>
    /// <returns>Whether the mask changed.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths differ or hold no whole number of rows, or an active weight's score is NaN; the mask stays as it was.
    /// </exception>
    public static bool Keep(ReadOnlySpan<float> scores, int columns, int group, int count, Span<bool> mask)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(group, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (scores.Length != mask.Length || scores.Length % columns != 0)
        {
            throw new ArgumentException(
                $"{scores.Length} scores and {mask.Length} mask entries are not the same number of rows of {columns} weights.");
        }

        ThrowIfNaN(scores, mask);
        Span<(float Score, int Index)> ranking = new (float, int)[Math.Min(group, columns)];
        var changed = false;
        for (var row = 0; row < scores.Length; row += columns)
        {
            for (var first = 0; first < columns; first += ranking.Length)
            {
                var length = Math.Min(ranking.Length, columns - first);
                changed |= KeepGroup(scores.Slice(row + first, length), count, mask.Slice(row + first, length), ranking);
            }
        }

        return changed;
    }

    private static bool KeepGroup(ReadOnlySpan<float> scores, int count, Span<bool> mask, Span<(float Score, int Index)> ranking)
    {
        var active = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (mask[i])
            {
                ranking[active++] = (scores[i], i);
            }
        }

        if (active <= count)
        {
            return false;
        }

        ranking[..active].Sort(static (a, b) => a.Score == b.Score ? a.Index.CompareTo(b.Index) : b.Score.CompareTo(a.Score));
        foreach (var (_, index) in ranking[count..active])
        {
            mask[index] = false;
        }

        return true;
    }

    private static void ThrowIfNaN(ReadOnlySpan<float> scores, ReadOnlySpan<bool> mask)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (mask[i] && float.IsNaN(scores[i]))
            {
                throw new ArgumentException($"The score of weight {i} is NaN; it cannot be ranked.");
            }
        }
    }
}
