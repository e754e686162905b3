using System.Globalization;
using KernelGen.Serialization;
using Xunit;

namespace KernelGen.Runtime.Tests.Serialization;

/// <summary>Sizes against the formulas of the survey by Hoefler et al. (2021), and against the entropy.</summary>
public class MaskSizeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(300, 784)]
    [InlineData(1, 1)]
    [InlineData(13, 17)]
    [InlineData(64, 1)]
    public void Sizes_follow_the_formulas_and_the_smallest_is_chosen(int rows, int columns)
    {
        foreach (var density in new[] { 0, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 1 })
        {
            var mask = Sample.Grid(Sample.Mask(new Random(1), rows, columns, Sample.Unstructured, density), rows, columns);
            double cells = rows * columns;
            var gaps = mask.Positions.Zip(mask.Positions.Prepend(-1), (position, previous) => position - previous).ToList();
            var largestGap = gaps.DefaultIfEmpty(1).Max();
            var sizes = new Dictionary<string, double>
            {
                ["bitmap"] = cells,
                ["coo"] = mask.Count * Log2(cells),
                ["csr"] = (mask.Count * Log2(columns)) + (rows * Log2(Math.Min(mask.Count, columns) + 1)),
                ["delta"] = mask.Count * Log2(largestGap),
                ["rice"] = Enumerable.Range(0, 31).Min(k => gaps.Sum(gap => 1 + k + Math.Floor((gap - 1) / Math.Pow(2, k)))),
            };

            foreach (var index in MaskIndexes.Candidates(mask))
            {
                Assert.Equal(sizes[index.Name.Split(' ')[0]], index.BitCount(mask));
                Assert.Equal(index.ByteCount(mask), index.Encode(mask).Length);
            }

            Assert.Equal(Math.Ceiling(sizes.Values.Min() / 8), MaskIndexes.Smallest(mask).Encode(mask).Length);
        }
    }

    /// <summary>Several groups go into one number where that wastes less: 6^5 subsets of five groups of 2:4 are little below 2^13.</summary>
    [Theory]
    [InlineData(2, 4, "nm 2:4 by 5", 5, 13)]
    [InlineData(1, 4, "nm 1:4", 1, 2)]
    [InlineData(4, 8, "nm 4:8 by 5", 5, 31)]
    [InlineData(2, 8, "nm 2:8 by 6", 6, 29)]
    [InlineData(1, 16, "nm 1:16", 1, 4)]
    public void Full_groups_take_the_bits_of_their_subsets(int n, int m, string name, int groups, int bits)
    {
        var pattern = new NMPattern(n, m);
        var mask = Sample.Grid(Sample.Mask(new Random(1), 30, 64, pattern, 1), 30, 64);
        var index = MaskIndexes.Smallest(mask, pattern);

        Assert.Equal(name, index.Name);
        Assert.Equal(30 * 64 / m / groups * bits / 8, index.Encode(mask).Length);
    }

    [Theory]
    [InlineData(2, 4, 0.2)]
    [InlineData(4, 4, 0.5)]
    public void Blocks_divide_the_index_by_their_size(int blockRows, int blockColumns, double density)
    {
        var pattern = new BlockPattern(blockRows, blockColumns, 1 - density);
        var cells = Sample.Mask(new Random(1), 64, 128, pattern, density);
        var mask = Sample.Grid(cells, 64, 128);
        var blocks = new MaskGrid(
            64 / blockRows,
            128 / blockColumns,
            [.. mask.Positions.Where(p => p / 128 % blockRows == 0 && p % blockColumns == 0)
                .Select(p => (p / 128 / blockRows * (128 / blockColumns)) + (p % 128 / blockColumns))]);
        var index = MaskIndexes.Smallest(mask, pattern);

        Assert.StartsWith($"block {blockRows}x{blockColumns} {blocks.Count} ", index.Name, StringComparison.Ordinal);
        Assert.Equal(MaskIndexes.Smallest(blocks).Encode(blocks).Length, index.Encode(mask).Length);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void The_index_of_a_random_mask_is_close_to_its_entropy(double sparsity)
    {
        const int rows = 300;
        const int columns = 784;
        var layer = Sample.Layer("Fc1", rows, columns, new UnstructuredPattern(sparsity));
        var weights = Sample.Weights(new Random(1), layer, 1 - sparsity);
        var mask = MaskGrid.Of(weights.Matrix);
        var index = MaskIndexes.Smallest(mask);
        var density = weights.Matrix.Density;
        var entropy = -((density * Math.Log2(density)) + ((1 - density) * Math.Log2(1 - density))) / density;
        var file = Sample.Write(Sample.Model(layer), weights);
        var perNonzero = 8.0 * index.ByteCount(mask) / mask.Count;

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"sparsity {sparsity}: {index}, {perNonzero:F3} index bits per nonzero (entropy {entropy:F3}); "
            + $"{file.Length} bytes, {(double)file.Length / mask.Count:F3} per nonzero (bound {4 + (entropy / 8):F3})"));
        foreach (var other in MaskIndexes.Candidates(mask))
        {
            output.WriteLine($"  {other}: {other.ByteCount(mask)} bytes");
        }

        Assert.InRange(perNonzero, entropy - 0.1, entropy * 1.05);
    }

    private static double Log2(double choices) => choices <= 1 ? 0 : Math.Ceiling(Math.Log2(choices));
}
