using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Pruning;

/// <summary>Products of dense matrices, row-major in double precision.</summary>
internal static class MatrixProduct
{
    /// <summary>Rows of the right matrix at a time: a panel of them stays in L1.</summary>
    private const int Depth = 256;

    private static readonly int _width = 2 * Vector<double>.Count;

    /// <summary>result = left [rows, depth] * right [depth, columns]</summary>
    public static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result, int rows, int depth, int columns)
    {
        result.Clear();
        var panel = new double[Depth * _width];
        Span<double> tile = stackalloc double[4 * _width];
        for (var first = 0; first < depth; first += Depth)
        {
            var count = Math.Min(Depth, depth - first);
            for (var column = 0; column < columns; column += _width)
            {
                var width = Math.Min(_width, columns - column);
                for (var k = 0; k < count; k++)
                {
                    // What is left from the panel before stands behind a cut one; its results aren't read.
                    right.Slice(((first + k) * columns) + column, width).CopyTo(panel.AsSpan(k * _width));
                }

                for (var row = 0; row < rows; row += 4)
                {
                    Tile(left, panel, tile, row, rows, depth, first, count);
                    for (var r = 0; r < Math.Min(4, rows - row); r++)
                    {
                        Vectors.AddScaled(1, tile.Slice(r * _width, width), result.Slice(((row + r) * columns) + column, width));
                    }
                }
            }
        }
    }

    /// <summary>Four rows times a panel; rows beyond the last repeat it.</summary>
    private static void Tile(
        ReadOnlySpan<double> left, ReadOnlySpan<double> panel, Span<double> tile, int row, int rows, int depth, int first, int count)
    {
        ref var a = ref At(left, (row * depth) + first);
        ref var b = ref At(left, (Math.Min(row + 1, rows - 1) * depth) + first);
        ref var c = ref At(left, (Math.Min(row + 2, rows - 1) * depth) + first);
        ref var d = ref At(left, (Math.Min(row + 3, rows - 1) * depth) + first);
        ref var right = ref MemoryMarshal.GetReference(panel);
        Vector<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (nuint k = 0; k < (nuint)count; k++)
        {
            var right0 = Vector.LoadUnsafe(ref right, k * (nuint)_width);
            var right1 = Vector.LoadUnsafe(ref right, (k * (nuint)_width) + (nuint)Vector<double>.Count);
            var factor = new Vector<double>(Unsafe.Add(ref a, k));
            (a0, a1) = (Vector.MultiplyAddEstimate(factor, right0, a0), Vector.MultiplyAddEstimate(factor, right1, a1));
            factor = new Vector<double>(Unsafe.Add(ref b, k));
            (b0, b1) = (Vector.MultiplyAddEstimate(factor, right0, b0), Vector.MultiplyAddEstimate(factor, right1, b1));
            factor = new Vector<double>(Unsafe.Add(ref c, k));
            (c0, c1) = (Vector.MultiplyAddEstimate(factor, right0, c0), Vector.MultiplyAddEstimate(factor, right1, c1));
            factor = new Vector<double>(Unsafe.Add(ref d, k));
            (d0, d1) = (Vector.MultiplyAddEstimate(factor, right0, d0), Vector.MultiplyAddEstimate(factor, right1, d1));
        }

        ReadOnlySpan<Vector<double>> sums = [a0, a1, b0, b1, c0, c1, d0, d1];
        sums.CopyTo(MemoryMarshal.Cast<double, Vector<double>>(tile));
    }

    private static ref double At(ReadOnlySpan<double> values, int place)
        => ref Unsafe.Add(ref MemoryMarshal.GetReference(values), place);
}
