using KernelGen.Formats;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

/// <summary>Numbers that follow their weights, against a dense matrix that they pass through.</summary>
public sealed class MaskChangeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 64)]
    [InlineData(40, 63)]
    [InlineData(40, 65)]
    [InlineData(7, 1000)]
    public void Numbers_follow_their_weights_and_new_ones_are_fresh(int rows, int columns)
    {
        foreach (var (before, after) in from b in new[] { 0.0, 0.1, 0.5, 1 } from a in new[] { 0.0, 0.1, 0.5, 1 } select (b, a))
        {
            var seed = HashCode.Combine(rows, columns, before, after);
            var random = new Random(seed);
            bool[] Mask(double density) => [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density)];
            var (former, next) = (Mask(before), Mask(after));
            var dense = new float[rows * columns];
            var numbers = new float[Math.Max(former.Count(x => x), next.Count(x => x)) + 5];
            foreach (var (k, place) in Enumerable.Range(0, dense.Length).Where(i => former[i]).Index())
            {
                numbers[k] = dense[place] = random.NextSingle() + 1;
            }

            float[] expected = [.. Enumerable.Range(0, dense.Length).Where(i => next[i]).Select(i => former[i] ? dense[i] : 7f)];
            new MaskChange(SparseMatrix.FromMask(former, rows, columns), SparseMatrix.FromMask(next, rows, columns)).Move(numbers, fresh: 7);
            Assert.True(expected.AsSpan().SequenceEqual(numbers.AsSpan(0, expected.Length)), $"seed {seed}, from {before} to {after}");
            Assert.All(numbers.Skip(expected.Length), number => Assert.Equal(7, number));
        }
    }
}
