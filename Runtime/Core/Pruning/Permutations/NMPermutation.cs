namespace KernelGen.Pruning;

/// <summary>
/// The order of a layer's inputs for which N:M pruning keeps most: which inputs share a group is otherwise an accident of their
/// numbering. For 2:4 this is what ASP does (Pool and Yu 2021, *Channel Permutations for N:M Sparsity*, NeurIPS 34); here for any N:M.
/// </summary>
/// <remarks>
/// A greedy descent: in each round the pairs of groups that gain most share out their columns anew, every group in one pair at
/// most, until no pair gains. Where the 2M columns of a pair can be shared out in few ways (M up to 6) the best of all is taken,
/// else the best exchange of two columns. From that local optimum, random exchanges and further descents try to escape. The global
/// optimum isn't promised: with two groups of M up to 6 it is found, beyond that the search is a heuristic.
/// </remarks>
public static class NMPermutation
{
    /// <summary>Searches for the best order of the inputs.</summary>
    /// <param name="scores">What each weight is worth, such as |w|: row-major [out, in], finite.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="n">Weights kept in a group.</param>
    /// <param name="m">Weights in a group; the last may be cut.</param>
    /// <param name="search">How hard to search; optional.</param>
    /// <param name="progress">Hears of each round; optional. Called on the calling thread where it is not a <see cref="Progress{T}"/>.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The order: place j is for input order[j]. Never worse than the order that is there.</returns>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, or one is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">N or M is out of range.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static int[] Find(
        ReadOnlySpan<float> scores,
        int columns,
        int n,
        int m,
        PermutationSearch? search = null,
        IProgress<PermutationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        Check(scores, columns, n, m);
        search ??= new PermutationSearch();
        var random = new Random(search.Seed);
        var best = new GroupExchange(new ColumnScores(scores, columns), columns, n, m);
        void Report(int escape, double kept) => progress?.Report(new PermutationProgress("", escape, search.Escapes, kept));
        best.Descend(kept => Report(0, kept), cancellation);
        for (var escape = 0; escape < search.Escapes; escape++)
        {
            var next = best.Copy();
            next.Shake(random);
            next.Descend(_ => { }, cancellation);
            best = next.Kept > best.Kept ? next : best;
            Report(escape + 1, best.Kept);
        }

        return best.Order;
    }

    /// <summary>The sum of the scores that N:M keeps in an order of the inputs.</summary>
    /// <param name="scores">What each weight is worth, row-major [out, in], finite.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="n">Weights kept in a group.</param>
    /// <param name="m">Weights in a group; the last may be cut.</param>
    /// <param name="order">Place j is for input order[j]; empty for the order that is there.</param>
    /// <exception cref="ArgumentException">The scores don't fit, or the order holds not every input once.</exception>
    public static double Kept(ReadOnlySpan<float> scores, int columns, int n, int m, ReadOnlySpan<int> order = default)
    {
        Check(scores, columns, n, m);
        int[] places = order.IsEmpty ? [.. Enumerable.Range(0, columns)] : InputOrder.Checked(order, columns);
        var byColumn = new ColumnScores(scores, columns);
        return places.Chunk(m).Sum(group => byColumn.Kept(group, n));
    }

    private static void Check(ReadOnlySpan<float> scores, int columns, int n, int m)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(m, n);
        if (scores.Length % columns != 0)
        {
            throw new ArgumentException($"{scores.Length} scores are no whole number of rows of {columns}.", nameof(scores));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                var (row, column) = Math.DivRem(i, columns);
                throw new ArgumentException($"The score at row {row}, column {column} is {scores[i]}; it must be a finite number.", nameof(scores));
            }
        }
    }
}
