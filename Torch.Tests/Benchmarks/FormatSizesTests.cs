using KernelGen.Benchmarks.FormatSizes;

namespace KernelGen.Torch.Tests.Benchmarks;

public sealed class FormatSizesTests
{
    [Theory]
    [InlineData(4, 2, 6)]
    [InlineData(10, 3, 120)]
    [InlineData(52, 5, 2598960)]
    [InlineData(7, 0, 1)]
    [InlineData(7, 7, 1)]
    public void Choices_are_counted_exactly(long n, long k, double choices)
        => Assert.Equal(Math.Log2(choices), EntropyBound.Log2Choose(n, k), 1e-12);

    [Fact]
    public void Over_many_cells_the_bound_is_the_binary_entropy()
    {
        const double p = 0.1;
        var entropy = -((p * Math.Log2(p)) + ((1 - p) * Math.Log2(1 - p))) / p;

        Assert.Equal(entropy, EntropyBound.BitsPerNonzero(new UnstructuredPattern(0.9), 1_000_000, 100_000), 1e-3);
        Assert.Equal(entropy / 16, EntropyBound.BitsPerNonzero(new BlockPattern(4, 4, 0.9), 16_000_000, 1_600_000), 1e-3);
        Assert.Equal(Math.Log2(6) / 2, EntropyBound.BitsPerNonzero(new NMPattern(2, 4), 1000, 500), 1e-12);
    }

    [Fact]
    public void A_file_takes_the_smallest_index_and_none_is_far_from_the_bound()
        => Assert.All(FormatCase.All(), @case =>
        {
            var (_, bits) = @case.Chosen();

            Assert.Equal(@case.OnDisk().Min(format => format.Bits), bits);
            Assert.InRange(bits, @case.Bound - 1e-9, 1.03 * @case.Bound);
        });
}
