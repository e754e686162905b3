namespace KernelGen.Pruning;

/// <summary>Prunes whole blocks.</summary>
public static class BlockMask
{
    /// <summary>
    /// Keeps the blocks whose active weights have the highest sums of scores; of equal sums the first block stays. A cut block
    /// sums over the weights it has.
    /// </summary>
    /// <param name="scores">A score per weight, row-major; those of inactive weights don't matter.</param>
    /// <param name="grid">The matrix and its blocks.</param>
    /// <param name="count">Blocks to keep.</param>
    /// <param name="mask">The active weights; only ever loses some.</param>
    /// <returns>Whether the mask changed.</returns>
    /// <exception cref="ArgumentException">A length doesn't fit the matrix, or the score of an active block is NaN.</exception>
    public static bool Keep(ReadOnlySpan<float> scores, BlockGrid grid, long count, Span<bool> mask)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return UnitRanking.Of(scores, mask, grid).Keep(count, mask);
    }
}
