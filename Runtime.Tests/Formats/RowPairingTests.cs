using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>The pairs of rows that share loads: complete, right in their counts, and worth their time.</summary>
public sealed class RowPairingTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 64, 0.3)]
    [InlineData(7, 65, 0.5)]
    [InlineData(255, 128, 0.1)]
    [InlineData(256, 128, 0.05)]
    [InlineData(257, 100, 0.9)]
    [InlineData(600, 128, 0)]
    public void Every_row_has_one_partner_and_every_nonzero_one_step(int rows, int columns, double density)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var weights = Weights.Random(new Random(seed), rows, columns, density);
            var pairs = Pair(weights);
            var all = pairs.SelectMany(pair => new[] { pair.A, pair.B }).Order().ToArray();
            Assert.Equal(Enumerable.Range(0, 2 * pairs.Length), all);
            Assert.All(pairs, pair =>
            {
                var (a, b) = (Columns(weights, pair.A), Columns(weights, pair.B));
                var shared = a.Intersect(b).Count();
                var expected = new RowPair(pair.A, pair.B, shared, b.Length - shared, a.Length - b.Length);
                Assert.True(pair == expected && pair.Extra >= 0, $"seed {seed}: {pair}, not {expected}");
            });
        }
    }

    [Fact]
    public void Equal_rows_find_each_other()
    {
        // 20 different rows, each twice, far apart.
        var half = Weights.Random(new Random(5), 20, 128, 0.2);
        var twice = new Weights(40, 128, [.. half.Values, .. half.Values], [.. half.Mask, .. half.Mask], []);

        Assert.All(Pair(twice), pair => Assert.Equal(20, Math.Abs(pair.A - pair.B)));
    }

    [Fact]
    public void Partners_share_more_than_neighbours_do_and_idle_less()
    {
        var weights = Weights.Random(new Random(6), 512, 128, 0.1);
        var pairs = Pair(weights);
        var neighbours = Enumerable.Range(0, 256).Select(i => (A: Columns(weights, 2 * i), B: Columns(weights, (2 * i) + 1))).ToList();

        // Of such a mask, neighbours have 10% of their nonzeros in common.
        Assert.InRange(pairs.Sum(pair => pair.Shared), 2 * neighbours.Sum(pair => pair.A.Intersect(pair.B).Count()), int.MaxValue);
        Assert.InRange(pairs.Sum(pair => pair.Extra), 0, neighbours.Sum(pair => Math.Abs(pair.A.Length - pair.B.Length)) / 8);
    }

    private static RowPair[] Pair(Weights weights)
    {
        var pairing = new RowPairing(weights.Out, weights.In);
        for (var row = 0; row < weights.Out; row++)
        {
            pairing.SetRow(row, Columns(weights, row), 0);
        }

        var pairs = new RowPair[(weights.Out + 1) / 2];
        pairing.Pair(pairs);
        return pairs;
    }

    private static int[] Columns(Weights weights, int row)
        => row == weights.Out ? [] : [.. Enumerable.Range(0, weights.In).Where(column => weights.Mask[(row * weights.In) + column])];
}
