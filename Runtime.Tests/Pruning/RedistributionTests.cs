using KernelGen.Formats;
using KernelGen.Pruning;
using Xunit;
using static KernelGen.Pruning.Redistribution;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>How layers exchange weights, by hand.</summary>
public sealed class RedistributionTests
{
    [Fact]
    public void Weights_go_where_gradients_are_large_as_far_as_there_is_room()
    {
        LayerChange[] layers = [new(10, 5, 100, 100), new(20, 10, 100, 100), new(4, 2, 8, 8)];

        // 17 in proportions 1 : 2 : 1 are 4.25, 8.5 and 4.25, of which the third has 4 places: 13 in proportions 1 : 2 are 4.33 and 8.67.
        Assert.Equal([4, 9, 4], Grown([1, 2, 1], layers));
        // 17 / 8 of 1, 2 and 5: again more than the third has places.
        Assert.Equal([4, 9, 4], Grown([1, 2, 5], layers));
        // The third has room for 4 active weights, and keeps 2: 15 in proportions 1 : 2.
        Assert.Equal([5, 10, 2], Grown([1, 2, 5], [.. layers[..2], new(4, 2, 8, 4)]));
        // No room anywhere: every layer grows what it lost.
        Assert.Equal([5, 10, 2], Grown([7, 2, 5], [new(10, 5, 100, 10), new(20, 10, 100, 20), new(4, 2, 8, 4)]));
        // No gradient at all is the same for all.
        Assert.Equal([5, 5], Grown([0, 0], [new(10, 5, 100, 100), new(10, 5, 100, 100)]));
    }

    [Fact]
    public void A_layer_that_loses_all_keeps_one()
    {
        Assert.Equal([1, 12], Grown([0, 1], [new(3, 3, 100, 100), new(20, 10, 100, 100)]));
        Assert.Equal([0, 12], Grown([0, 1], [new(4, 2, 100, 100), new(20, 10, 100, 100)]));
    }

    [Fact]
    public void A_diverged_run_is_an_error()
        => Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => Grown([1, double.NaN], [new(4, 2, 8, 8), new(4, 2, 8, 8)])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_mean_counts_active_weights_alone()
    {
        const int Rows = 130, Columns = 3;
        var gradient = Enumerable.Range(0, Rows * Columns).Select(i => i % 2 == 0 ? i : -i).Select(i => (float)i).ToArray();
        var mask = gradient.Select((_, i) => i % 7 == 2).ToArray();
        var mean = MeanOfActive(SparseMatrix.FromMask(mask, Rows, Columns), (first, rows, to) => gradient.AsSpan(first * Columns, rows * Columns).CopyTo(to));
        Assert.Equal(Enumerable.Range(0, mask.Length).Where(i => mask[i]).Average(), mean, 9);
        Assert.Equal(0, MeanOfActive(SparseMatrix.FromMask(new bool[6], 2, 3), (_, _, to) => to.Fill(1)));
    }
}
