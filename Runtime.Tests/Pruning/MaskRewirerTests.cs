using KernelGen.Formats;
using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Rewired masks against sorting by hand.</summary>
public sealed class MaskRewirerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(5000)]
    public void The_highest_scores_of_a_stream_are_kept_the_first_of_equal_ones(int count)
    {
        var random = new Random(count);
        // Few different ones, negative ones, and both zeros.
        var scores = Enumerable.Range(0, 4000).Select(_ => random.Next(8) == 0 ? -0f : (random.Next(200) - 50) / (count == 300 ? 16f : 1e-3f * random.Next(1, 1000))).ToArray();
        using var highest = new HighestScores(count);
        for (var (first, run) = (0, 1); first < scores.Length; first += run, run = (3 * run) + 1)
        {
            run = Math.Min(run, scores.Length - first);
            highest.Add(scores.AsSpan(first, run), first);
        }

        var expected = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i] + 0f).ThenBy(i => i).Take(count).Order().ToArray();
        Assert.Equal(expected, highest.Take().ToArray());
        var marks = new bool[scores.Length];
        HighestScores.Mark(scores, count, marks);
        Assert.Equal(expected, Enumerable.Range(0, marks.Length).Where(i => marks[i]));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.MinValue)]
    public void Of_equal_scores_the_first_are_kept_and_what_scores_negative_infinity_or_nothing_never(float score)
    {
        using var highest = new HighestScores(10);
        float[] scores = [.. Enumerable.Range(0, 300).Select(i => (i % 3) switch { 0 => score, 1 => float.NegativeInfinity, _ => float.NaN })];
        highest.Add(scores.AsSpan(0, 200), 0);
        highest.Add(scores.AsSpan(200), 200);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 3 * i), highest.Take().ToArray());
    }

    [Fact]
    public void Room_ends_where_arrays_do()
    {
        Assert.Equal(2_000_000_000, HighestScores.RoomFor(1_000_000_000));
        var most = HighestScores.RoomFor(1_100_000_000);
        Assert.InRange(most, 2_147_000_000, Array.MaxLength - 512 - 16);
        Assert.Equal(most, HighestScores.RoomFor(most - 1));
        Assert.Contains($"At most {most - 1} weights", Assert.Throws<NotSupportedException>(() => HighestScores.RoomFor(most)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void Weights(double share)
    {
        var (layer, mask, weights, gradient) = Given(new UnstructuredPattern(0), 150, 37, 0.3);
        var active = Active(mask, weights, 150, 37);
        var next = ToMask(new MaskRewirer(layer, new GradientGrowth()).Rewire(active, share, 1, Rows(gradient, 37)));
        var places = Enumerable.Range(0, mask.Length).ToArray();
        var count = (int)Math.Min(Math.Round(share * active.Nonzeros, MidpointRounding.AwayFromZero), mask.Length - active.Nonzeros);
        var pruned = places.Where(i => mask[i]).OrderBy(i => Math.Abs(weights[i])).Take(count).ToHashSet();
        var grown = places.Where(i => !mask[i]).OrderByDescending(i => Math.Abs(gradient[i])).Take(count).ToHashSet();
        Assert.Equal(places.Where(i => grown.Contains(i) || (mask[i] && !pruned.Contains(i))), places.Where(i => next[i]));
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(16, 1)]
    [InlineData(3, 5)]
    [InlineData(200, 2)]
    public void Blocks(int blockRows, int blockColumns)
    {
        const int Rows = 150, Columns = 37;
        var (layer, _, weights, gradient) = Given(new BlockPattern(blockRows, blockColumns, 0), Rows, Columns, 0.3);
        int Block(int place) => (place / Columns / blockRows * 1000) + (place % Columns / blockColumns);
        var places = Enumerable.Range(0, Rows * Columns).ToArray();
        var blocks = places.Select(Block).Distinct().ToArray();
        var isActive = blocks.Where((_, i) => i % 3 == 1).ToHashSet();
        var mask = places.Select(i => isActive.Contains(Block(i))).ToArray();
        var next = ToMask(new MaskRewirer(layer, new GradientGrowth()).Rewire(Active(mask, weights, Rows, Columns), 0.4, 1, MaskRewirerTests.Rows(gradient, Columns)));
        var count = (int)Math.Round(0.4 * isActive.Count, MidpointRounding.AwayFromZero);
        var size = places.ToLookup(Block);
        var pruned = isActive.OrderBy(b => size[b].Sum(i => Math.Abs(weights[i]))).Take(count).ToHashSet();
        var grown = blocks.Where(b => !isActive.Contains(b)).OrderByDescending(b => size[b].Sum(i => Math.Abs(gradient[i]))).Take(count).ToHashSet();
        Assert.Equal(places.Where(i => grown.Contains(Block(i)) || (isActive.Contains(Block(i)) && !pruned.Contains(Block(i)))), places.Where(i => next[i]));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1, 8)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    public void Groups(int n, int m)
    {
        const int Rows = 150, Columns = 37;
        var (layer, _, weights, gradient) = Given(new NMPattern(n, m), Rows, Columns, 1);
        int Group(int place) => (place / Columns * 1000) + (place % Columns / m);
        var places = Enumerable.Range(0, Rows * Columns).ToArray();
        var mask = places.GroupBy(Group).SelectMany(group => group.Select((i, k) => (i, IsActive: k < n))).OrderBy(x => x.i).Select(x => x.IsActive).ToArray();
        var next = ToMask(new MaskRewirer(layer, new GradientGrowth()).Rewire(Active(mask, weights, Rows, Columns), 0.4, 1, MaskRewirerTests.Rows(gradient, Columns)));
        Assert.Null(layer.FindViolation(next));
        Assert.Equal(mask.Count(x => x), next.Count(x => x));
        Assert.Equal(n == m, mask.SequenceEqual(next));
        foreach (var group in places.GroupBy(Group))
        {
            // What grew has the largest gradients of those that weren't active.
            var candidates = group.Where(i => !mask[i]).OrderByDescending(i => Math.Abs(gradient[i])).ToArray();
            var grown = candidates.Where(i => next[i]).ToArray();
            Assert.Equal(candidates.Take(grown.Length), grown);
            Assert.Equal(group.Count(i => mask[i] && !next[i]), grown.Length);
        }
    }

    [Fact]
    public void Growth_by_chance_depends_on_the_seed_and_the_place_alone_and_is_even()
    {
        var layer = new LayerDescriptor("Fc", 1000, 100, true, Activation.None, 0, new UnstructuredPattern(0));
        var whole = new float[100_000];
        new RandomGrowth().Score(new GrowthInput { Layer = layer, FirstRow = 0, Gradient = default, Seed = 5 }, whole);
        var part = new float[3001];
        new RandomGrowth().Score(new GrowthInput { Layer = layer, FirstRow = 7, Gradient = default, Seed = 5 }, part);
        Assert.Equal(whole[7000..10_001], part);
        var other = new float[100_000];
        new RandomGrowth().Score(new GrowthInput { Layer = layer, FirstRow = 0, Gradient = default, Seed = 6 }, other);
        Assert.InRange(whole.Average(), 0.49f, 0.51f);
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(whole.Count(x => (int)(x * 10) == tenth), 9600, 10_400));
        Assert.InRange(whole.Zip(other, (a, b) => (a - 0.5) * (b - 0.5)).Average(), -0.002, 0.002);
    }

    [Fact]
    public void The_share_of_RigL_falls_as_a_cosine_and_that_of_SET_stays()
    {
        var rigl = Rewiring.RigL(share: 0.4, every: 10);
        Assert.Equal(0.4, rigl.ShareAt(0, 1000), 12);
        Assert.Equal(0.4 / 2 * (1 + Math.Cos(Math.PI * 300 / 750)), rigl.ShareAt(300, 1000), 12);
        Assert.Equal(0, rigl.ShareAt(750, 1000), 12);
        Assert.Equal([10L, 20L, 740L], new long[] { 0, 9, 10, 20, 740, 750, 760 }.Where(step => rigl.IsUpdateStep(step, 1000)));
        var set = Rewiring.Set(every: 10);
        Assert.Equal(0.3, set.ShareAt(900, 1000));
        Assert.True(set.IsUpdateStep(990, 1000));
        Assert.False(set.IsUpdateStep(1000, 1000));
    }

    [Fact]
    public void SET_removes_the_same_share_of_both_signs_those_nearest_to_0()
    {
        Assert.Equal(Removal.SmallestOfEachSign, Rewiring.Set().Removal);
        // 6 that aren't negative, 4 that are: 3 and 2 of 5 go. The smallest alone would be 0, 0.1, 0.2, 0.3 and 0.4.
        float[] values = [0.4f, -3, 0.2f, -1, 0, 0.3f, -2, 5, 0.1f, -4];
        Assert.Equal([0f, 0.1f, 0.2f, -1, -2], values.Where((_, i) => RemovedWeights.Mark(values, 5, Removal.SmallestOfEachSign)[i]).OrderBy(Math.Abs));
        Assert.Equal([0f, 0.1f, 0.2f, 0.3f, 0.4f], values.Where((_, i) => RemovedWeights.Mark(values, 5, Removal.Smallest)[i]).OrderBy(Math.Abs));
        Assert.Throws<ArgumentException>(() => RemovedWeights.Mark([1, float.NaN, -1], 1, Removal.SmallestOfEachSign));

        var random = new Random(3);
        foreach (var (positive, count) in from p in new[] { 0.0, 0.1, 0.5, 0.99, 1 } from c in new[] { 0, 1, 37, 99, 100 } select (p, c))
        {
            float[] drawn = [.. Enumerable.Range(0, 100).Select(_ => (random.NextDouble() < positive ? 1 : -1) * (random.NextSingle() + 0.01f))];
            var marks = RemovedWeights.Mark(drawn, count, Removal.SmallestOfEachSign);
            var negative = drawn.Count(x => x < 0);
            var below = (int)Math.Round(count * negative / 100.0, MidpointRounding.AwayFromZero);
            var expected = drawn.Where(x => x < 0).OrderDescending().Take(below).Concat(drawn.Where(x => x > 0).Order().Take(count - below));
            Assert.Equal(count, marks.Count(x => x));
            Assert.Equal(expected.Order(), drawn.Where((_, i) => marks[i]).Order());
        }
    }

    [Fact]
    public void A_layer_may_grow_another_number_than_it_loses()
    {
        var (layer, mask, weights, gradient) = Given(new UnstructuredPattern(0), 150, 37, 0.3);
        var active = Active(mask, weights, 150, 37);
        var places = Enumerable.Range(0, mask.Length).ToArray();
        foreach (var grow in new[] { 0, 5, 1500 })
        {
            var next = ToMask(new MaskRewirer(layer, new GradientGrowth()).Rewire(active, 0.2, 1, Rows(gradient, 37), grow));
            var pruned = places.Where(i => mask[i]).OrderBy(i => Math.Abs(weights[i])).Take(MaskRewirer.Removed(active, 0.2)).ToHashSet();
            var grown = places.Where(i => !mask[i]).OrderByDescending(i => Math.Abs(gradient[i])).Take(grow).ToHashSet();
            Assert.Equal(places.Where(i => grown.Contains(i) || (mask[i] && !pruned.Contains(i))), places.Where(i => next[i]));
        }
    }

    private static (LayerDescriptor Layer, bool[] Mask, float[] Weights, float[] Gradient) Given(SparsityPattern pattern, int rows, int columns, double density)
    {
        var random = new Random(rows + columns);
        float[] Floats() => [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() - 0.5f)];
        var mask = Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density).ToArray();
        return (new LayerDescriptor("Fc", columns, rows, true, Activation.None, 0, pattern), mask, Floats(), Floats());
    }

    private static SparseMatrix Active(bool[] mask, float[] weights, int rows, int columns) => SparseMatrix.FromDense(weights, rows, columns, mask);

    private static GradientRows Rows(float[] gradient, int columns)
        => (first, rows, to) => gradient.AsSpan(first * columns, rows * columns).CopyTo(to);

    private static bool[] ToMask(SparseMatrix matrix)
    {
        var mask = new bool[matrix.Rows * matrix.Columns];
        matrix.ToMask(mask);
        return mask;
    }
}
