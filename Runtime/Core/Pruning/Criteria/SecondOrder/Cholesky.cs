namespace KernelGen.Pruning;

/// <summary>Symmetric positive definite matrices, [size, size] row-major in double precision, changed in place.</summary>
internal static class Cholesky
{
    private const double RoundingError = 1.0 / (1L << 52);

    /// <summary>Writes L of S = L L^T into the lower triangle; what lies above it stays.</summary>
    /// <returns>False if S isn't positive definite beyond rounding; it is lost then.</returns>
    public static bool TryFactor(Span<double> matrix, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var row = matrix.Slice(i * size, i + 1);
            for (var j = 0; j < i; j++)
            {
                var former = matrix.Slice(j * size, j + 1);
                row[j] = (row[j] - Vectors.Dot(row[..j], former)) / former[j];
            }

            // A pivot that is all rounding error would give an inverse that is, too.
            var pivot = row[i] - Vectors.Dot(row[..i], row);
            if (!(pivot > size * RoundingError * Math.Abs(row[i])))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <summary>Replaces the lower triangle L by its inverse, lower triangular too; what lies above it stays.</summary>
    public static void InvertFactor(Span<double> factor, int size)
    {
        var former = new double[size];
        for (var i = 0; i < size; i++)
        {
            var row = factor.Slice(i * size, i + 1);
            row.CopyTo(former);
            row.Clear();
            for (var k = 0; k < i; k++)
            {
                Vectors.AddScaled(-former[k] / former[i], factor.Slice(k * size, k + 1), row);
            }

            row[i] = 1 / former[i];
        }
    }

    /// <summary>Replaces S by its inverse.</summary>
    /// <returns>False if S isn't positive definite beyond rounding; it is lost then.</returns>
    public static bool TryInvert(Span<double> matrix, int size)
    {
        if (!TryFactor(matrix, size))
        {
            return false;
        }

        // S^-1 = X^T X of X = L^-1. Row i of X ends at i, and is used up before row i of the result is begun.
        InvertFactor(matrix, size);
        var row = new double[size];
        for (var i = 0; i < size; i++)
        {
            var source = row.AsSpan(0, i + 1);
            matrix.Slice(i * size, i + 1).CopyTo(source);
            matrix.Slice(i * size, i + 1).Clear();
            for (var j = 0; j <= i; j++)
            {
                Vectors.AddScaled(source[j], source[..(j + 1)], matrix.Slice(j * size, j + 1));
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[(j * size) + i] = matrix[(i * size) + j];
            }
        }

        return true;
    }

    /// <summary>The rows and columns at some places of a matrix.</summary>
    public static double[] Part(ReadOnlySpan<double> matrix, int size, ReadOnlySpan<int> places)
    {
        var part = new double[places.Length * places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < places.Length; j++)
            {
                part[(i * places.Length) + j] = matrix[(places[i] * size) + places[j]];
            }
        }

        return part;
    }
}
