using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class MaskTests
{
    // 3 x 4, with equal scores within and across rows.
    private static readonly float[] Scores =
    [
        5, 1, 3, 3,
        2, 2, 2, 2,
        9, 0, 3, 4,
    ];

    [Fact]
    public void Unstructured_keeps_the_highest_and_of_equals_the_first()
        => AssertKeeps("1.11 .... 1..1", mask => UnstructuredMask.Keep(Scores, 5, mask));

    [Fact]
    public void Unstructured_takes_as_many_of_equal_scores_as_fit()
        => AssertKeeps("1.1. .... 1..1", mask => UnstructuredMask.Keep(Scores, 4, mask));

    [Fact]
    public void NM_keeps_the_highest_of_each_group_and_of_equals_the_first()
        => AssertKeeps("1.1. 11.. 1..1", mask => NMMask.Keep(Scores, columns: 4, group: 4, count: 2, mask));

    [Fact]
    public void NM_keeps_as_many_in_a_cut_group()
        => AssertKeeps("1.11 11.1 1.11", mask => NMMask.Keep(Scores, columns: 4, group: 3, count: 2, mask));

    [Fact]
    public void Block_keeps_the_highest_sums()
    {
        // Sums of 2 x 2 blocks: 10, 10; of the cut row of blocks: 9, 7.
        AssertKeeps("1111 1111 ....", mask => BlockMask.Keep(Scores, new BlockGrid(3, 4, 2, 2), 2, mask));
        AssertKeeps("11.. 11.. ....", mask => BlockMask.Keep(Scores, new BlockGrid(3, 4, 2, 2), 1, mask));
        AssertKeeps("1111 1111 11..", mask => BlockMask.Keep(Scores, new BlockGrid(3, 4, 2, 2), 3, mask));
    }

    [Fact]
    public void Block_cut_on_the_right_sums_over_what_it_has()
        => AssertKeeps("111. .... 111.", mask => BlockMask.Keep(Scores, new BlockGrid(3, 4, 1, 3), 2, mask));

    [Fact]
    public void Infinities_rank_at_the_ends_and_zeros_of_both_signs_are_equal()
    {
        float[] scores = [-0f, 0, float.PositiveInfinity, float.NegativeInfinity, -1, 1];

        Assert.Equal("1.1..1", Show(Keep(6, mask => UnstructuredMask.Keep(scores, 3, mask))));
        Assert.Equal("1.1..1", Show(Keep(6, mask => NMMask.Keep(scores, 6, 6, 3, mask))));
        Assert.Equal("111.11", Show(Keep(6, mask => UnstructuredMask.Keep(scores, 5, mask))));
    }

    [Fact]
    public void Nothing_to_prune_changes_nothing()
    {
        Assert.False(UnstructuredMask.Keep(Scores, 12, Full(12)));
        Assert.False(UnstructuredMask.Keep([], 0, []));
        Assert.False(BlockMask.Keep(Scores, new BlockGrid(3, 4, 2, 2), 9, Full(12)));
        Assert.False(NMMask.Keep(Scores, 4, 4, 4, Full(12)));
        Assert.True(UnstructuredMask.Keep(Scores, 0, Full(12)));
    }

    [Fact]
    public void A_NaN_is_an_error_only_where_a_weight_is_active()
    {
        float[] scores = [1, float.NaN, 2, 3];
        bool[] mask = [true, false, true, true];

        Assert.True(UnstructuredMask.Keep(scores, 1, [.. mask]));
        Assert.True(NMMask.Keep(scores, 4, 4, 1, [.. mask]));
        Assert.Throws<ArgumentException>(() => UnstructuredMask.Keep(scores, 1, Full(4)));
        Assert.Throws<ArgumentException>(() => BlockMask.Keep(scores, new BlockGrid(2, 2, 2, 1), 1, Full(4)));
        Assert.Throws<ArgumentException>(() => NMMask.Keep(scores, 4, 4, 1, Full(4)));
    }

    [Fact]
    public void Sizes_must_fit()
    {
        Assert.Throws<ArgumentException>(() => UnstructuredMask.Keep(Scores, 1, Full(11)));
        Assert.Throws<ArgumentException>(() => BlockMask.Keep(Scores, new BlockGrid(3, 5, 2, 2), 1, Full(12)));
        Assert.Throws<ArgumentException>(() => NMMask.Keep(Scores, 5, 4, 1, Full(12)));
        Assert.Throws<ArgumentException>(() => NMMask.Keep(Scores, 4, 4, 1, Full(8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockGrid(3, 4, 0, 1));
    }

    [Fact]
    public void Unstructured_agrees_with_a_full_sort() => ForAll.Seeds(300, random =>
    {
        var (scores, mask) = Case(random, random.Next(1, 200));
        var count = random.Next(0, scores.Length + 2);

        AssertAgrees(Oracle.Unstructured(scores, mask, count), mask, m => UnstructuredMask.Keep(scores, count, m));
    });

    [Fact]
    public void NM_agrees_with_a_full_sort() => ForAll.Seeds(300, random =>
    {
        var columns = random.Next(1, 20);
        var (scores, mask) = Case(random, columns * random.Next(1, 8));
        var m = random.Next(1, 9);
        var n = random.Next(0, m + 1);

        AssertAgrees(Oracle.NM(scores, mask, columns, m, n), mask, kept => NMMask.Keep(scores, columns, m, n, kept));
    });

    [Fact]
    public void Block_agrees_with_a_full_sort() => ForAll.Seeds(300, random =>
    {
        var (rows, columns) = (random.Next(1, 15), random.Next(1, 15));
        var (scores, mask) = Case(random, rows * columns);
        var grid = new BlockGrid(rows, columns, random.Next(1, 6), random.Next(1, 6));
        var count = random.Next(0, grid.Count + 1);
        var expected = Oracle.Block(scores, mask, columns, grid.BlockRows, grid.BlockColumns, count);

        AssertAgrees(expected, mask, kept => BlockMask.Keep(scores, grid, count, kept));
    });

    /// <summary>Scores that differ in all their bits or, every other time, are often equal; a mask of some density.</summary>
    private static (float[] Scores, bool[] Mask) Case(Random random, int count)
    {
        var scores = random.Next(2) == 0
            ? Given.Weights(random, count)
            : [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 9))))];
        return (scores, Given.Mask(random, count, random.Next(3) * 0.5));
    }

    private static void AssertAgrees(bool[] expected, bool[] mask, Func<bool[], bool> keep)
    {
        bool[] actual = [.. mask];

        var changed = keep(actual);

        Assert.Equal(Show(expected), Show(actual));
        Assert.Equal(!mask.SequenceEqual(actual), changed);
    }

    private static void AssertKeeps(string expected, Func<bool[], bool> keep)
        => Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Show(Keep(12, keep)));

    private static bool[] Keep(int count, Func<bool[], bool> keep)
    {
        var mask = Full(count);
        Assert.True(keep(mask));
        return mask;
    }

    private static bool[] Full(int count) => [.. Enumerable.Repeat(true, count)];

    private static string Show(bool[] mask) => string.Concat(mask.Select(active => active ? '1' : '.'));
}
