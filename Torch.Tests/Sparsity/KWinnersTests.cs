using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Sparsity;

public sealed class KWinnersTests
{
    [Fact]
    public void The_largest_of_each_sample_pass_and_get_the_gradient()
    {
        using var scope = NewDisposeScope();
        var values = Values.Random(1, 6 * 10);
        foreach (var winners in new[] { KWinners.OfCount(3), KWinners.OfShare(0.3) })
        {
            var input = Values.AsTensor(values, 2, 3, 10).requires_grad_();
            var output = winners.call(input);
            var expected = values.Chunk(10).SelectMany(row => row.Select(x => row.Count(y => y > x) < 3 ? x : 0)).ToArray();
            Assert.Equal(expected, Values.Of(output));
            (output * 2).sum().backward();
            Assert.Equal(expected.Select(x => x != 0 ? 2f : 0f), Values.Of(input.grad!));
        }

        Assert.Equal([5f, 7f], Values.Of(KWinners.OfCount(3).call(tensor([5f, 7f]))));
        Assert.Equal([0f, 7f], Values.Of(KWinners.OfShare(0.1).call(tensor([5f, 7f]))));
        // One, and all.
        Assert.Equal([0f, 7f], Values.Of(KWinners.OfCount(1).call(tensor([5f, 7f]))));
        Assert.Equal([5f, 7f], Values.Of(KWinners.OfShare(1).call(tensor([5f, 7f]))));
        Assert.Throws<ArgumentOutOfRangeException>(() => KWinners.OfCount(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => KWinners.OfShare(1.5));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void They_go_between_layers_and_what_is_0_behind_each_is_measured(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using var winners = KWinners.OfCount(4);
        var x = Values.AsTensor(Values.Random(2, 9 * 20), 9, 20);
        using (var activity = new ActivationSparsity([module.Layers[0], winners, module.Layers[1]]))
        {
            Assert.All(activity.Shares, share => Assert.True(double.IsNaN(share)));
            for (var pass = 0; pass < 2; pass++)
            {
                var relu = module.Layers[0].call(x);
                var expected = Values.Of(relu).Count(y => y == 0) / (9.0 * 37);
                module.Layers[1].call(winners.call(relu)).sum().backward();
                Assert.True(expected > 0.2);
                Assert.Equal([expected, 33 / 37.0, 0], activity.Shares, (a, b) => Math.Abs(a - b) < 1e-12);
            }
        }

        using var all = new ActivationSparsity(module.Layers);
        module.call(x);
        Assert.Equal(5, all.Shares.Count);
        Assert.True(all.Shares[0] > 0.2);
        all.Dispose();
        var shares = all.Shares;
        module.call(zeros(9, 20));
        Assert.Equal(shares, all.Shares);
    }
}
