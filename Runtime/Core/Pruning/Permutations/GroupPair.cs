namespace KernelGen.Pruning;

/// <summary>
/// The columns of two groups, and how to share them out anew: the best of all ways where there are few (a bounded window, as in
/// ASP), else the best exchange of one column for another.
/// </summary>
internal static class GroupPair
{
    // 2:4 has 70 subsets in a window of 8 columns, M = 6 has 924; M = 8 would have 12,870.
    private const long MostSubsets = 1_000;

    /// <summary>Finds the best new pair of groups; returns what it gains, and 0 with the old groups where nothing is better.</summary>
    public static (double Gain, int[] First, int[] Second) Best(ColumnScores scores, int[] first, int[] second, int n)
    {
        var now = scores.Kept(first, n) + scores.Kept(second, n);
        var (gain, best) = (0.0, (First: first, Second: second));
        foreach (var pair in Subsets(first.Length + second.Length, first.Length) <= MostSubsets ? Windows(first, second) : Exchanges(first, second))
        {
            var gained = scores.Kept(pair.First, n) + scores.Kept(pair.Second, n) - now;
            if (gained > gain)
            {
                (gain, best) = (gained, (pair.First, pair.Second));
            }
        }

        return (gain, best.First, best.Second);
    }

    /// <summary>Every way to share the columns out. Equal groups have no first and second, so the first column stays where it is.</summary>
    private static IEnumerable<(int[] First, int[] Second)> Windows(int[] first, int[] second)
    {
        int[] columns = [.. first, .. second];
        int[] chosen = [.. Enumerable.Range(0, first.Length)];
        do
        {
            yield return ([.. chosen.Select(at => columns[at])], [.. columns.Where((_, at) => Array.BinarySearch(chosen, at) < 0)]);
        }
        while (Next(chosen, columns.Length) && (first.Length != second.Length || chosen[0] == 0));
    }

    private static IEnumerable<(int[] First, int[] Second)> Exchanges(int[] first, int[] second)
    {
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < second.Length; j++)
            {
                int[] one = [.. first];
                int[] other = [.. second];
                (one[i], other[j]) = (other[j], one[i]);
                yield return (one, other);
            }
        }
    }

    /// <summary>The next of all ascending choices; false after the last.</summary>
    private static bool Next(int[] chosen, int count)
    {
        var at = chosen.Length - 1;
        while (at >= 0 && chosen[at] == count - chosen.Length + at)
        {
            at--;
        }

        if (at < 0)
        {
            return false;
        }

        chosen[at]++;
        for (var next = at + 1; next < chosen.Length; next++)
        {
            chosen[next] = chosen[next - 1] + 1;
        }

        return true;
    }

    private static double Subsets(int count, int size)
        => Enumerable.Range(0, size).Aggregate(1.0, (product, i) => product * (count - i) / (i + 1));
}
