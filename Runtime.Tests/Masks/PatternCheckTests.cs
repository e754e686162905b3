using KernelGen.Formats;
using KernelGen.Masks;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class PatternCheckTests
{
    [Fact]
    public void Dense_and_unstructured_layers_accept_any_mask()
    {
        var weights = Weights.Random(new Random(1), 9, 14, 0.5);

        Assert.Null(Find(weights, new DensePattern()));
        Assert.Null(Find(weights, new UnstructuredPattern(0.9)));
    }

    [Fact]
    public void NM_accepts_what_keeps_to_it_also_in_a_cut_group()
    {
        foreach (var (n, m) in new[] { (2, 4), (1, 1), (3, 7), (4, 32) })
        {
            for (var seed = 0; seed < 50; seed++)
            {
                Assert.Null(Find(Weights.RandomGroups(new Random(seed), 5, 18, n, m), new NMPattern(n, m)));
            }
        }
    }

    [Fact]
    public void NM_names_the_first_weight_too_many()
    {
        var mask = new bool[3 * 10];
        foreach (var (row, column) in new[] { (0, 0), (0, 3), (0, 4), (0, 7), (1, 1), (1, 8), (1, 9), (2, 4), (2, 5), (2, 6) })
        {
            mask[(row * 10) + column] = true;
        }

        Assert.Equal(
            "Layer 'Fc1\' keeps at most 2 of every 4 weights of a row, but the weight at row 2, column 6 is one more active weight in columns " +
            "4 to 7.",
            Find(3, 10, mask, new NMPattern(2, 4)));
    }

    [Fact]
    public void NM_names_the_columns_of_a_cut_group()
    {
        var violation = Find(1, 10, [false, false, false, false, false, false, false, false, true, true], new NMPattern(1, 4));

        Assert.Contains("row 0, column 9 is one more active weight in columns 8 to 9", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_accept_whole_ones_also_at_cut_edges()
    {
        foreach (var (rows, columns) in new[] { (2, 4), (1, 1), (16, 3), (100, 100) })
        {
            for (var seed = 0; seed < 50; seed++)
            {
                Assert.Null(Find(Weights.RandomBlocks(new Random(seed), 7, 18, rows, columns, 0.5), new BlockPattern(rows, columns, 0.5)));
            }
        }
    }

    [Fact]
    public void Blocks_name_the_first_active_weight_of_a_partial_one()
    {
        // Every block of 2x4 is whole but one; knock single weights out of it or light single ones in an empty one.
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var weights = Weights.RandomBlocks(random, 7, 18, 2, 4, 0.5);
            var mask = weights.Mask;
            var (row, column) = (random.Next(7), random.Next(18));
            var (firstRow, firstColumn) = (row / 2 * 2, column / 4 * 4);
            var (rows, columns) = (Math.Min(2, 7 - firstRow), Math.Min(4, 18 - firstColumn));
            if (rows * columns == 1)
            {
                continue;
            }

            mask[(row * 18) + column] ^= true;
            var first = Enumerable.Range(0, mask.Length).First(i => mask[i]
                && i / 18 >= firstRow && i / 18 < firstRow + rows && i % 18 >= firstColumn && i % 18 < firstColumn + columns);

            var violation = Find(7, 18, mask, new BlockPattern(2, 4, 0.5));

            Assert.NotNull(violation);
            Assert.Contains("Layer 'Fc1\'", violation, StringComparison.Ordinal);
            Assert.Contains($"row {first / 18}, column {first % 18} is active", violation, StringComparison.Ordinal);
            Assert.Contains($"rows {firstRow} to {firstRow + rows - 1}", violation, StringComparison.Ordinal);
            Assert.Contains($"columns {firstColumn} to {firstColumn + columns - 1}", violation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Blocks_go_row_by_row_not_block_by_block()
    {
        // The left block is partial from its second row on, the right one from its first.
        var mask = new[] { false, false, true, false, true, true, false, false };

        Assert.Contains("row 0, column 2 is active", Find(2, 4, mask, new BlockPattern(2, 2, 0.5)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_checks_masks_of_its_own_size()
    {
        var layer = new LayerDescriptor("Fc1", 4, 2, true, Activation.None, 0, new NMPattern(1, 4));

        Assert.Null(layer.FindViolation([true, false, false, false, false, false, false, true]));
        Assert.Contains(
            "row 1, column 3", layer.FindViolation([true, false, false, false, true, false, false, true]), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => layer.FindViolation([true]));
    }

    private static string? Find(Weights weights, SparsityPattern pattern) => Find(weights.Out, weights.In, weights.Mask, pattern);

    private static string? Find(int rows, int columns, bool[] mask, SparsityPattern pattern)
        => PatternCheck.FindViolation(
            new LayerDescriptor("Fc1", columns, rows, true, Activation.None, 0, pattern),
            SparseMatrix.FromDense(new float[rows * columns], rows, columns, mask));
}
