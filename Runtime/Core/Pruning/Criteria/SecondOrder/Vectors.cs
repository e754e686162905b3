using System.Numerics;
using System.Runtime.InteropServices;

namespace KernelGen.Pruning;

/// <summary>The two loops that dense linear algebra spends its time in.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        right = right[..left.Length];
        var lefts = MemoryMarshal.Cast<double, Vector<double>>(left);
        var rights = MemoryMarshal.Cast<double, Vector<double>>(right);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i + 1 < lefts.Length; i += 2)
        {
            even = Vector.MultiplyAddEstimate(lefts[i], rights[i], even);
            odd = Vector.MultiplyAddEstimate(lefts[i + 1], rights[i + 1], odd);
        }

        for (; i < lefts.Length; i++)
        {
            even = Vector.MultiplyAddEstimate(lefts[i], rights[i], even);
        }

        var sum = Vector.Sum(even + odd);
        for (i = lefts.Length * Vector<double>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>target += factor * source</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        target = target[..source.Length];
        var sources = MemoryMarshal.Cast<double, Vector<double>>(source);
        var targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        var factors = new Vector<double>(factor);
        for (var i = 0; i < sources.Length; i++)
        {
            targets[i] = Vector.MultiplyAddEstimate(factors, sources[i], targets[i]);
        }

        for (var i = sources.Length * Vector<double>.Count; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
