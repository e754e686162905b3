using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>When AC/DC is sparse, by tables.</summary>
public sealed class AlternationTests
{
    [Fact]
    public void Of_100_epochs_the_default_has_the_phases_of_the_paper()
        => AssertSparse(new Alternation(), 100, (10, 15), (20, 25), (30, 35), (40, 45), (50, 55), (60, 65), (70, 75), (85, 101));

    [Fact]
    public void Phases_that_are_no_whole_number_of_steps_do_not_drift()
        // They begin at 0.2 + k / 8 of 50 steps: 10, 16.25, 22.5, 28.75; from 35 on it is dense, from 45 on sparse.
        => AssertSparse(new Alternation(0.2, 0.125, 0.2, 0.1), 50, (10, 16), (23, 29), (45, 51));

    [Fact]
    public void Without_a_warm_up_it_begins_sparse()
        => AssertSparse(new Alternation(0, 0.25, 0, 0.5), 8, (0, 2), (4, 9));

    [Fact]
    public void What_makes_no_run_is_an_error()
    {
        foreach (var wrong in new Alternation[] { new(-0.1), new(0.5, 0.1, 0.3, 0.3), new(0.1, 0), new(0.1, 0.001), new(LastSparse: 0), new(double.NaN) })
        {
            Assert.Throws<ArgumentException>(() => wrong.IsSparse(50, 100));
        }

        Assert.False(new Alternation().IsSparse(0, 20));
    }

    private static void AssertSparse(Alternation alternation, long total, params (int From, int To)[] sparse)
    {
        for (var step = 0; step <= total; step++)
        {
            Assert.True(sparse.Any(phase => step >= phase.From && step < phase.To) == alternation.IsSparse(step, total), $"After {step} of {total} steps.");
        }
    }
}
