using KernelGen.Dispatch;
using KernelGen.Formats;
using KernelGen.Runtime.Tests.Kernels;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class CostModelTests
{
    /// <summary>A sample of the rows estimates what all rows have.</summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void A_sample_stands_for_the_whole(double density)
    {
        const int Seed = 5;
        var matrix = Weights.Random(new Random(Seed), 1000, 257, density).ToMatrix();
        var layer = new Unstructured_257To130().Layer;
        foreach (var kernel in layer.SparseKernels!.Panel.Concat<Kernel>(layer.SparseKernels.Vector))
        {
            var sampled = CostModel.Cycles(kernel, matrix, quick: false);
            // A matrix of 128 rows or fewer is its own sample: the sum over slices counts every row.
            var whole = Enumerable.Range(0, 10).Sum(i => CostModel.Cycles(kernel, matrix.Slice(i * 100, 100), quick: false));
            Assert.True(Math.Abs((sampled / whole) - 1) < 0.1, $"{kernel.Name}, density {density}, seed {Seed}: sampled {sampled}, whole {whole}");
        }
    }

    [Fact]
    public void More_weights_cost_more()
    {
        var layer = new Unstructured_257To130().Layer;
        Assert.All(layer.SparseKernels!.Panel.Concat<Kernel>(layer.SparseKernels.Vector), kernel => Assert.True(
            CostModel.Cycles(kernel, Weights.Random(new Random(1), 130, 257, 0.1).ToMatrix(), quick: false)
            < CostModel.Cycles(kernel, Weights.Random(new Random(1), 130, 257, 0.4).ToMatrix(), quick: false)));
    }
}
