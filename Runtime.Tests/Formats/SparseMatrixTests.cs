using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>Compressing dense weights, whatever number of nonzeros was expected.</summary>
public sealed class SparseMatrixTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 15)]
    [InlineData(5, 64)]
    [InlineData(40, 131)]
    [InlineData(64, 256)]
    public void Dense_weights_are_held_exactly(int rows, int columns)
    {
        foreach (var density in new[] { 0, 0.05, 0.3, 0.5, 0.9, 1 })
        {
            var weights = Weights.Random(new Random(3), rows, columns, density);
            var dense = weights.Values.Select((value, i) => weights.Mask[i] ? value : 0).ToArray();
            var nonzeros = dense.Count(value => value != 0);
            foreach (var expected in new[] { 0, 1, nonzeros - 1, nonzeros, nonzeros + 1, nonzeros * 5 / 4, rows * columns })
            {
                var hint = Math.Max(0, expected);
                AssertHolds(dense, nonzeros, SparseMatrix.FromDense(dense, rows, columns, expected: hint));
                AssertHolds(dense, weights.Mask.Count(active => active), SparseMatrix.FromDense(weights.Values, rows, columns, weights.Mask, hint));
            }
        }
    }

    private static void AssertHolds(float[] dense, int nonzeros, SparseMatrix matrix)
    {
        var held = new float[dense.Length];
        matrix.ToDense(held);

        Assert.Equal(dense, held);
        Assert.Equal((nonzeros, nonzeros, nonzeros == dense.Length), (matrix.Nonzeros, matrix.Values.Length, matrix.IsFull));
        for (var row = 0; row < matrix.Rows; row++)
        {
            var columns = matrix.RowColumns(row).ToArray();
            Assert.Equal(columns.Order().Distinct(), columns);
        }
    }
}
