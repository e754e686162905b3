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

    /// <summary>As few rows as the time of a pack allows, from everywhere: what a part of the matrix lacks would else mislead.</summary>
    [Theory]
    [InlineData(false, 128)]
    [InlineData(true, 32)]
    public void A_sample_has_as_many_rows_from_each_quarter(bool quick, int expected)
    {
        const int Rows = 1000;
        var kernel = new Unstructured_257To130().Layer.SparseKernels!.Panel[0];
        var empty = CostModel.Cycles(kernel, OneFullRow(-1), quick);

        var sampled = Enumerable.Range(0, Rows).Where(row => CostModel.Cycles(kernel, OneFullRow(row), quick) != empty).ToList();

        Assert.Equal(Enumerable.Repeat(expected / 4, 4), Enumerable.Range(0, 4).Select(quarter => sampled.Count(row => row / (Rows / 4) == quarter)));

        static SparseMatrix OneFullRow(int full)
        {
            const int Columns = 257;
            var starts = Enumerable.Range(0, Rows + 1).Select(row => row > full && full >= 0 ? Columns : 0).ToArray();
            return SparseMatrix.FromCsr(Rows, Columns, starts, [.. Enumerable.Range(0, Columns)], new float[Columns]);
        }
    }

    /// <summary>A kernel that only reads: the farther its pack lies, the longer a byte takes, and beyond all caches by far.</summary>
    [Fact]
    public unsafe void Bytes_cost_more_from_farther_caches_and_most_from_memory()
    {
        var kernel = new PanelKernel(InstructionSet.Scalar, "Reads", new TileFormat(1), new KernelCost(0, 0), null);
        var caches = CacheSizes.Current;

        var perRow = new[] { caches.L1, caches.L2, caches.L3, 2 * caches.L3 }.Select(bytes =>
        {
            // A dense pack holds what isn't active, too: a matrix without weights stands for one of any size.
            var rows = (int)(bytes / 4096);
            return CostModel.Cycles(kernel, SparseMatrix.FromCsr(rows, 1024, new int[rows + 1], [], []), quick: false) / rows;
        }).ToArray();

        Assert.True(perRow[0] < perRow[1] && perRow[1] < perRow[2] && perRow[2] < perRow[3], string.Join(", ", perRow));
        Assert.InRange(perRow[3] / perRow[2], 3, 4);
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
