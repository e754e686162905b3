using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests.Formats;

/// <summary>A mask in the weight gradient's format is read back as it was.</summary>
public sealed class SampledMaskTests
{
    private const int Seed = 20261126;

    [Theory]
    [InlineData(1, 1, 1, 80)]
    [InlineData(2, 81, 0.5, 80)]
    [InlineData(37, 211, 0.1, 80)]
    [InlineData(64, 64, 0.9, 64)]
    [InlineData(9, 300, 0, 64)]
    [InlineData(16, 130, 1, 127)]
    [InlineData(65_537, 3, 0.3, 64)]
    [InlineData(2, 70_000, 0.01, 64)]
    public void A_mask_is_read_back(int rows, int columns, double density, int blockColumns)
    {
        var mask = Random(rows, columns, density);

        var read = new SampledMask(mask, blockColumns).ToMatrix();

        Assert.Equal(mask.Nonzeros, read.Nonzeros);
        for (var row = 0; row < rows; row++)
        {
            Assert.True(mask.RowColumns(row).SequenceEqual(read.RowColumns(row)), $"row {row}, seed {Seed}");
        }
    }

    [Fact]
    public void Rows_with_the_same_columns_share_them()
    {
        var block = Enumerable.Range(0, 16).SelectMany(_ => Enumerable.Range(0, 64).Select(column => column % 8 == 0)).ToArray();

        // 8 columns for each of 8 pairs, and beside them 2 counts and 4 numbers a pair, and a start a row.
        Assert.Equal((8 * 8) + (8 * (2 + (4 * sizeof(ushort)))) + (16 * sizeof(int)), new SampledMask(SparseMatrix.FromMask(block, 16, 64), 64).Bytes);
    }

    [Fact]
    public void A_block_is_no_wider_than_its_columns_numbers()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new SampledMask(Random(2, 2, 1), SampledIndex.MostColumns + 1));

    private static SparseMatrix Random(int rows, int columns, double density)
    {
        var random = new Random(Seed);
        return SparseMatrix.FromMask(Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density).ToArray(), rows, columns);
    }
}
