using KernelGen.Measures;
using KernelGen.Runtime.Tests.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Measures;

public sealed class QualityTests
{
    [Theory]
    [InlineData(10, 0)]
    [InlineData(11, 1)] // (100 - 10) / 90
    [InlineData(12, 2.0112359550561796)] // and 90 / 89
    [InlineData(100, 457.4313542563664)] // 90 H(90)
    [InlineData(9, -0.989010989010989)] // 90 / 91
    public void Hardness_weighs_each_right_prediction_beyond_guessing(long correct, double hardness)
        => Assert.Equal(hardness, new Quality(correct, 100, 10).Hardness, 9);

    [Fact]
    public void Hardness_is_a_difference_of_harmonic_numbers() => ForAll.Seeds(100, random =>
    {
        var samples = random.Next(1, 2_000);
        var classes = random.Next(1, 20);
        var correct = random.Next(samples + 1);
        double Harmonic(long n) => Enumerable.Range(1, (int)n).Sum(i => 1.0 / i);
        var left = samples - (samples / classes);

        Assert.Equal(left * (Harmonic(left) - Harmonic(samples - correct)), new Quality(correct, samples, classes).Hardness, 6);
    });

    [Fact]
    public void Halving_the_errors_is_worth_about_the_same_wherever_it_starts()
    {
        double Gain(long from, long to) => new Quality(to, 1_000_000, 10).Hardness - new Quality(from, 1_000_000, 10).Hardness;

        Assert.Equal(900_000 * Math.Log(2), Gain(200_000, 600_000), 10.0);
        Assert.Equal(900_000 * Math.Log(2), Gain(980_000, 990_000), 100.0);
    }
}
