using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class LargestRemainderTests
{
    [Fact]
    public void What_is_missing_goes_to_the_largest_remainders()
        => Assert.Equal([3, 2, 2], LargestRemainder.Round([2.6, 2.1, 2.3], [9, 9, 9]));

    [Fact]
    public void Of_equal_remainders_the_first_wins()
        => Assert.Equal([2, 1, 1], LargestRemainder.Round([4.0 / 3, 4.0 / 3, 4.0 / 3], [9, 9, 9]));

    [Fact]
    public void Nobody_gets_nothing() => Assert.Equal([1, 1, 8], LargestRemainder.Round([0.1, 0.2, 9.7], [9, 9, 20]));

    [Fact]
    public void The_minimum_goes_before_the_total() => Assert.Equal([1, 1, 1], LargestRemainder.Round([0.1, 0.1, 0.1], [9, 9, 9]));

    [Fact]
    public void Nobody_gets_more_than_it_can_take() => Assert.Equal([4, 3], LargestRemainder.Round([3, 3.5], [5, 3]));

    [Fact]
    public void Lengths_must_agree() => Assert.Throws<ArgumentException>(() => LargestRemainder.Round([1.0], [1, 2]));

    [Fact]
    public void The_total_is_exact_and_every_count_is_near_its_share() => ForAll.Seeds(100, random =>
    {
        var capacities = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (long)random.Next(1, 1000)).ToArray();
        var density = random.NextDouble();
        var shares = capacities.Select(capacity => Math.Max(1, density * capacity)).ToArray();

        var counts = LargestRemainder.Round(shares, capacities);

        Assert.Equal((long)Math.Round(shares.Sum(), MidpointRounding.AwayFromZero), counts.Sum());
        Assert.All(counts.Zip(shares), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.All(counts.Zip(capacities), pair => Assert.InRange(pair.First, 1, pair.Second));
    });
}
