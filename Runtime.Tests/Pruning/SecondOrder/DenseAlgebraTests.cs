using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class DenseAlgebraTests
{
    [Fact]
    public void The_inverse_is_that_of_elimination() => ForAll.Seeds(50, random =>
    {
        var size = random.Next(1, 40);
        double[] root = [.. Enumerable.Range(0, size * size).Select(_ => random.NextDouble() - 0.5)];
        var matrix = Exact.Matrix(size, (i, j) => (i == j ? 0.1 : 0) + Enumerable.Range(0, size).Sum(k => root[(i * size) + k] * root[(j * size) + k]));
        double[] inverse = [.. matrix.Cast<double>()];

        Assert.True(Cholesky.TryInvert(inverse, size));

        var expected = Exact.Inverse(matrix);
        for (var p = 0; p < inverse.Length; p++)
        {
            Assert.Equal(expected[p / size, p % size], inverse[p], 1e-9);
        }
    });

    [Fact]
    public void A_matrix_without_an_inverse_is_told()
    {
        Assert.False(Cholesky.TryInvert(new double[] { 1, 1, 1, 1 }, 2));
        Assert.False(Cholesky.TryInvert(new double[] { 1, 0, 0, -1 }, 2));
        Assert.False(Cholesky.TryInvert(new double[] { 1, 0, 0, double.NaN }, 2));
        Assert.False(Cholesky.TryInvert(new double[] { 0 }, 1));
    }

    [Fact]
    public void The_product_is_that_of_three_loops() => ForAll.Seeds(50, random =>
    {
        var (rows, depth, columns) = (random.Next(1, 14), random.Next(1, random.Next(2) == 0 ? 600 : 20), random.Next(1, 40));
        double[] left = [.. Enumerable.Range(0, rows * depth).Select(_ => random.NextDouble() - 0.5)];
        double[] right = [.. Enumerable.Range(0, depth * columns).Select(_ => random.NextDouble() - 0.5)];
        double[] result = [.. Enumerable.Repeat(double.NaN, rows * columns)];

        MatrixProduct.Multiply(left, right, result, rows, depth, columns);

        for (var p = 0; p < result.Length; p++)
        {
            Assert.Equal(Enumerable.Range(0, depth).Sum(k => left[(p / columns * depth) + k] * right[(k * columns) + (p % columns)]), result[p], 1e-11);
        }
    });
}
