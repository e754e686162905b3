using KernelGen.Dispatch;
using KernelGen.Formats;
using KernelGen.Runtime.Tests.Kernels;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class CostModelTests
{
    private static readonly CacheSizes Caches = new(32 << 10, 1 << 20, 16 << 20);

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
        // All fits the first cache: slices would else come from nearer ones than the whole.
        var model = new CostModel(Processor.Kind, new CacheSizes(1 << 30, 1 << 30, 1 << 30));
        foreach (var kernel in layer.SparseKernels!.Panel.Concat<Kernel>(layer.SparseKernels.Vector))
        {
            var sampled = model.Cycles(kernel, matrix, quick: false);
            // A matrix of 128 rows or fewer is its own sample: the sum over slices counts every row.
            var whole = Enumerable.Range(0, 10).Sum(i => model.Cycles(kernel, matrix.Slice(i * 100, 100), quick: false));
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
        var empty = CostModel.Current.Cycles(kernel, OneFullRow(-1), quick);

        var sampled = Enumerable.Range(0, Rows).Where(row => CostModel.Current.Cycles(kernel, OneFullRow(row), quick) != empty).ToList();

        Assert.Equal(Enumerable.Repeat(expected / 4, 4), Enumerable.Range(0, 4).Select(quarter => sampled.Count(row => row / (Rows / 4) == quarter)));

        static SparseMatrix OneFullRow(int full)
        {
            const int Columns = 257;
            var starts = Enumerable.Range(0, Rows + 1).Select(row => row > full && full >= 0 ? Columns : 0).ToArray();
            return SparseMatrix.FromCsr(Rows, Columns, starts, [.. Enumerable.Range(0, Columns)], new float[Columns]);
        }
    }

    /// <summary>A kernel that only reads: 4 KiB a row, from the nearest cache that holds the pack, at the bytes a cycle of the kind of processor.</summary>
    [Fact]
    public void Bytes_cost_more_from_farther_caches_and_most_from_memory()
    {
        AssertReads(ProcessorKind.Zen4, [45, 29, 22, 6.5]);
        AssertReads(ProcessorKind.Xeon, [64, 46, 9.9, 6.5]);

        static unsafe void AssertReads(ProcessorKind processor, double[] bytesPerCycle)
        {
            var kernel = new PanelKernel(InstructionSet.Scalar, "Reads", new TileFormat(1), new KernelCosts(new KernelCost(0, 0)), null);
            var perRow = new[] { Caches.L1, Caches.L2, Caches.L3, 2 * Caches.L3 }.Select(bytes =>
            {
                // A dense pack holds what isn't active, too: a matrix without weights stands for one of any size.
                var rows = (int)(bytes / 4096);
                return new CostModel(processor, Caches).Cycles(kernel, SparseMatrix.FromCsr(rows, 1024, new int[rows + 1], [], []), quick: false) / rows;
            });
            Assert.Equal(bytesPerCycle.Select(bytes => 4096 / bytes), perRow, (expected, actual) => Math.Abs(expected - actual) < 0.01 * expected);
        }
    }

    /// <summary>Units and steps are those of the weights; what each takes is the processor's.</summary>
    [Fact]
    public unsafe void Each_kind_of_processor_counts_its_own_cycles()
    {
        // Tiles of a row of 16 columns: 10 units of 16 steps, whose bytes take less.
        var kernel = new PanelKernel(InstructionSet.Scalar, "Two", new TileFormat(1), new KernelCosts(zen4: new(100, 10), xeon: new(1000, 20)), null);
        var weights = SparseMatrix.FromCsr(10, 16, new int[11], [], []);
        var (onZen4, onXeon) = (10 * (100 + (16 * 10)), 10 * (1000 + (16 * 20)));

        Assert.Equal(onZen4, new CostModel(ProcessorKind.Zen4, Caches).Cycles(kernel, weights, quick: false));
        Assert.Equal(onXeon, new CostModel(ProcessorKind.Xeon, Caches).Cycles(kernel, weights, quick: false));
        Assert.Equal(Processor.Kind == ProcessorKind.Xeon ? onXeon : onZen4, CostModel.Current.Cycles(kernel, weights, quick: false));
    }

    /// <summary>Dense tiles of 512 bits take half the cycles on a Xeon, so that fewer densities are worth a sparse kernel.</summary>
    [Theory]
    [InlineData(0.5, true, true)]
    [InlineData(0.9, true, false)]
    [InlineData(1, false, false)]
    public void The_kind_of_processor_decides_from_which_density_on_a_layer_runs_dense(double density, bool sparseOnZen4, bool sparseOnXeon)
    {
        const int Seed = 6;
        // From 257 inputs on, panel kernels and their costs are the same for every shape.
        var layer = new Unstructured_257To130().Layer;
        var matrix = Weights.Random(new Random(Seed), 512, 512, density).ToMatrix();

        Assert.Equal((sparseOnZen4, sparseOnXeon), (IsSparse(ProcessorKind.Zen4), IsSparse(ProcessorKind.Xeon)));

        bool IsSparse(ProcessorKind processor)
        {
            var model = new CostModel(processor, Caches);
            return KernelChoice.Of(
                layer.Descriptor, layer.SparseKernels!.Panel, layer.DenseKernels.Panel, InstructionSet.Avx512, kernel => model.Cycles(kernel, matrix, quick: false), "estimated").IsSparse;
        }
    }

    [Fact]
    public void More_weights_cost_more()
    {
        var layer = new Unstructured_257To130().Layer;
        Assert.All(layer.SparseKernels!.Panel.Concat<Kernel>(layer.SparseKernels.Vector), kernel => Assert.True(
            CostModel.Current.Cycles(kernel, Weights.Random(new Random(1), 130, 257, 0.1).ToMatrix(), quick: false)
            < CostModel.Current.Cycles(kernel, Weights.Random(new Random(1), 130, 257, 0.4).ToMatrix(), quick: false)));
    }
}
