using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Which inputs share a group, against all ways there are.</summary>
public sealed class PermutationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Inputs_that_crowd_a_group_are_spread()
    {
        // 2:4 in the order that is there loses 2 of the 4 large weights, and none where each group has two.
        float[] scores = [9, 8, 7, 6, 1, 1, 1, 1];

        var order = NMPermutation.Find(scores, 8, 2, 4, cancellation: Token);

        Assert.Equal(19, NMPermutation.Kept(scores, 8, 2, 4));
        Assert.Equal(30, NMPermutation.Kept(scores, 8, 2, 4, order));
        Assert.Equal(Enumerable.Range(0, 8), order.Order());
    }

    [Fact]
    public void An_order_that_cannot_be_better_stays()
        => Assert.Equal([0, 1, 2, 3, 4, 5, 6], NMPermutation.Find([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7], 7, 3, 3, cancellation: Token));

    [Fact]
    public void Two_groups_are_shared_out_as_well_as_an_exhaustive_search_does() => ForAll.Seeds(150, random =>
    {
        var m = random.Next(1, 5);
        var (n, columns) = (random.Next(1, m + 1), random.Next(m, (2 * m) + 1));
        var scores = Scores(random, random.Next(1, 12), columns);

        var order = NMPermutation.Find(scores, columns, n, m, new PermutationSearch { Escapes = 0 }, cancellation: Token);

        Assert.Equal(Exhaustive(scores, columns, n, m), Kept(scores, columns, n, m, order), 4);
    });

    [Fact]
    public void More_groups_reach_what_an_exhaustive_search_finds() => ForAll.Seeds(60, random =>
    {
        var m = random.Next(2, 4);
        var (n, columns) = (random.Next(1, m), random.Next((2 * m) + 1, 10));
        var scores = Scores(random, random.Next(1, 12), columns);
        var best = Exhaustive(scores, columns, n, m);

        var order = NMPermutation.Find(scores, columns, n, m, new PermutationSearch { Escapes = 200 }, cancellation: Token);

        Assert.Equal(best, Kept(scores, columns, n, m, order), 4);
    });

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(4, 8)]
    [InlineData(1, 16)]
    [InlineData(3, 7)]
    public void No_exchange_of_two_inputs_gains_any_more(int n, int m) => ForAll.Seeds(10, random =>
    {
        var columns = (3 * m) + random.Next(m);
        var scores = Scores(random, 20, columns);

        var order = NMPermutation.Find(scores, columns, n, m, new PermutationSearch { Escapes = 0 }, cancellation: Token);

        var kept = Kept(scores, columns, n, m, order);
        Assert.Equal(Enumerable.Range(0, columns), order.Order());
        Assert.True(kept >= Kept(scores, columns, n, m, [.. Enumerable.Range(0, columns)]));
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < i; j++)
            {
                int[] other = [.. order];
                (other[i], other[j]) = (other[j], other[i]);
                Assert.True(Kept(scores, columns, n, m, other) <= kept * (1 + 1e-6));
            }
        }
    });

    [Fact]
    public void What_is_kept_is_what_the_mask_keeps() => ForAll.Seeds(50, random =>
    {
        var m = random.Next(1, 9);
        var (n, columns, rows) = (random.Next(1, m + 1), random.Next(1, 40), random.Next(1, 80));
        var scores = Scores(random, rows, columns);
        var mask = Enumerable.Repeat(true, scores.Length).ToArray();

        NMMask.Keep(scores, columns, m, n, mask);

        var kept = scores.Where((_, i) => mask[i]).Sum(score => (double)score);
        Assert.Equal(kept, NMPermutation.Kept(scores, columns, n, m), kept * 1e-6);
    });

    [Fact]
    public void Equal_seeds_give_equal_orders_and_escapes_never_lose()
    {
        var scores = Scores(new Random(3), 30, 40);
        int[] Find(int seed, int escapes) => NMPermutation.Find(scores, 40, 2, 4, new PermutationSearch { Seed = seed, Escapes = escapes }, cancellation: Token);
        var kept = new[] { 0, 5, 20, 60 }.Select(escapes => NMPermutation.Kept(scores, 40, 2, 4, Find(7, escapes))).ToArray();

        Assert.Equal(Find(7, 20), Find(7, 20));
        Assert.NotEqual(Find(7, 20), Find(8, 20));
        Assert.Equal(kept.Order(), kept);
    }

    [Fact]
    public void Progress_never_falls_and_names_the_end()
    {
        var reports = new Reports();
        var scores = Scores(new Random(4), 30, 40);

        var order = NMPermutation.Find(scores, 40, 2, 4, new PermutationSearch { Escapes = 5 }, reports, Token);

        Assert.Equal(reports.All.Select(report => report.Kept).Order(), reports.All.Select(report => report.Kept));
        Assert.Equal(5, reports.All[^1].Escape);
        Assert.All(reports.All, report => Assert.Equal(5, report.Escapes));
        Assert.Equal(NMPermutation.Kept(scores, 40, 2, 4, order), reports.All[^1].Kept, 1e-3);
    }

    [Fact]
    public void A_search_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => NMPermutation.Find(Scores(new Random(5), 8, 40), 40, 2, 4, cancellation: source.Token));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NMPermutation.Find(new float[7], 4, 2, 4, cancellation: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => NMPermutation.Find(new float[8], 4, 0, 4, cancellation: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => NMPermutation.Find(new float[8], 4, 5, 4, cancellation: Token));
        Assert.Throws<ArgumentException>(() => NMPermutation.Kept(new float[8], 4, 2, 4, [0, 1, 2, 2]));
        Assert.Throws<ArgumentException>(() => NMPermutation.Kept(new float[8], 4, 2, 4, [0, 1, 2]));
        Assert.Throws<ArgumentException>(() => InputOrder.Apply(new float[8], [0, 1, 2, 3], new float[7]));
        Assert.Throws<ArgumentException>(() => InputOrder.Apply(new float[8], [], new float[8]));
        var error = Assert.Throws<ArgumentException>(() => NMPermutation.Find([1, 2, 3, 4, 5, float.NaN, 7, 8], 4, 2, 4, cancellation: Token));
        Assert.Contains("row 1, column 1", error.Message, StringComparison.Ordinal);
    }

    private static float[] Scores(Random random, int rows, int columns)
        => [.. Enumerable.Range(0, rows * columns).Select(_ => Math.Abs((float)(random.NextDouble() - random.NextDouble())))];

    /// <summary>The oracle: sorts each group of each row.</summary>
    private static double Kept(float[] scores, int columns, int n, int m, int[] order)
        => scores.Chunk(columns).Sum(row => order.Chunk(m).Sum(group => group.Select(column => (double)row[column]).OrderDescending().Take(n).Sum()));

    /// <summary>The best of all ways to share out the columns.</summary>
    private static double Exhaustive(float[] scores, int columns, int n, int m)
    {
        var best = 0.0;
        void Place(int[] order, int next)
        {
            if (next == columns)
            {
                best = Math.Max(best, Kept(scores, columns, n, m, order));
                return;
            }

            // The order within a group makes no difference, nor that of full groups: only ascending ones are tried.
            for (var column = 0; column < columns; column++)
            {
                var startsGroup = next % m == 0;
                var isLastCut = next + m > columns;
                var ascends = startsGroup
                    ? isLastCut || next == 0 || column > order[next - m]
                    : column > order[next - 1];
                if (ascends && Array.IndexOf(order, column, 0, next) < 0)
                {
                    order[next] = column;
                    Place(order, next + 1);
                }
            }
        }

        Place(new int[columns], 0);
        return best;
    }

    private sealed class Reports : IProgress<PermutationProgress>
    {
        public List<PermutationProgress> All { get; } = [];

        public void Report(PermutationProgress value) => All.Add(value);
    }
}
