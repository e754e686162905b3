namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Pruning by a full stable sort: slow and plain.</summary>
internal static class Oracle
{
    /// <summary>The nearest whole number to (1 - sparsity) * n, halves up, in decimal arithmetic.</summary>
    public static long Kept(double sparsity, long n)
        => (long)Math.Round((1 - (decimal)sparsity) * n, MidpointRounding.AwayFromZero);

    /// <summary>The active elements of one group with the highest scores.</summary>
    public static HashSet<int> Top(IEnumerable<int> candidates, Func<int, double> score, long count)
        => [.. candidates.OrderByDescending(score).ThenBy(static i => i).Take((int)count)];

    public static bool[] Unstructured(float[] scores, bool[] mask, long count)
    {
        var kept = Top(Active(mask), i => scores[i], count);
        return [.. mask.Select((_, i) => kept.Contains(i))];
    }

    public static bool[] NM(float[] scores, bool[] mask, int columns, int m, int count)
    {
        var groups = Active(mask).GroupBy(i => (Row: i / columns, Group: i % columns / m));
        var kept = groups.SelectMany(group => Top(group, i => scores[i], count)).ToHashSet();
        return [.. mask.Select((_, i) => kept.Contains(i))];
    }

    public static bool[] Block(float[] scores, bool[] mask, int columns, int blockRows, int blockColumns, long count)
    {
        var across = (columns + blockColumns - 1) / blockColumns;
        int BlockOf(int i) => (i / columns / blockRows * across) + (i % columns / blockColumns);
        var sums = Active(mask).GroupBy(BlockOf).ToDictionary(block => block.Key, block => block.Sum(i => (double)scores[i]));
        var kept = Top(sums.Keys, block => sums[block], count);
        return [.. mask.Select((isActive, i) => isActive && kept.Contains(BlockOf(i)))];
    }

    private static IEnumerable<int> Active(bool[] mask) => Enumerable.Range(0, mask.Length).Where(i => mask[i]);
}
