namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Linear algebra and optimal brain surgery by elimination: slow and plain.</summary>
internal static class Exact
{
    /// <summary>Solves A x = b by Gauss and Jordan, with pivots.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var (a, x) = ((double[,])matrix.Clone(), (double[])right.Clone());
        for (var step = 0; step < n; step++)
        {
            var pivot = Enumerable.Range(step, n - step).MaxBy(i => Math.Abs(a[i, step]));
            for (var j = 0; j < n; j++)
            {
                (a[step, j], a[pivot, j]) = (a[pivot, j], a[step, j]);
            }

            (x[step], x[pivot]) = (x[pivot], x[step]);
            for (var i = 0; i < n; i++)
            {
                var factor = i == step ? 0 : a[i, step] / a[step, step];
                for (var j = 0; j < n; j++)
                {
                    a[i, j] -= factor * a[step, j];
                }

                x[i] -= factor * x[step];
            }
        }

        return [.. x.Select((value, i) => value / a[i, i])];
    }

    public static double[,] Inverse(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var inverse = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            var column = Solve(matrix, [.. Enumerable.Range(0, n).Select(i => i == j ? 1.0 : 0)]);
            for (var i = 0; i < n; i++)
            {
                inverse[i, j] = column[i];
            }
        }

        return inverse;
    }

    /// <summary>
    /// The change d that makes 1/2 d^T H d least where d is given for some places: Lagrange's equations H d = sum m_q e_q, d_q = -w_q.
    /// </summary>
    public static double[] LeastChange(double[,] hessian, double[] weights, IReadOnlyList<int> zeroed)
    {
        var n = weights.Length;
        var system = new double[n + zeroed.Count, n + zeroed.Count];
        var right = new double[n + zeroed.Count];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                system[i, j] = hessian[i, j];
            }
        }

        for (var q = 0; q < zeroed.Count; q++)
        {
            system[n + q, zeroed[q]] = 1;
            system[zeroed[q], n + q] = 1;
            right[n + q] = -weights[zeroed[q]];
        }

        return [.. Solve(system, right).Take(n)];
    }

    /// <summary>1/2 d^T H d</summary>
    public static double Rise(double[,] hessian, double[] change)
        => Pairs(change.Length).Sum(p => change[p.I] * hessian[p.I, p.J] * change[p.J]) / 2;

    /// <summary>The rows and columns at some places.</summary>
    public static double[,] Part(double[,] matrix, IReadOnlyList<int> places)
        => Matrix(places.Count, (i, j) => matrix[places[i], places[j]]);

    /// <summary>The Kronecker product of [rows, rows] and [columns, columns]: one row for each weight of a row-major layer.</summary>
    public static double[,] Kronecker(double[,] outputs, double[,] inputs)
    {
        var columns = inputs.GetLength(0);
        return Matrix(
            outputs.GetLength(0) * columns,
            (p, q) => outputs[p / columns, q / columns] * inputs[p % columns, q % columns]);
    }

    public static double[,] Matrix(int size, Func<int, int, double> entry)
    {
        var matrix = new double[size, size];
        foreach (var (i, j) in Pairs(size))
        {
            matrix[i, j] = entry(i, j);
        }

        return matrix;
    }

    /// <summary>Scales, then adds to the diagonal a share of its mean.</summary>
    public static double[,] Damped(float[] gram, double scale, double share)
    {
        var size = (int)Math.Sqrt(gram.Length);
        var mean = Enumerable.Range(0, size).Average(i => scale * gram[(i * size) + i]);
        return Matrix(size, (i, j) => (scale * gram[(i * size) + j]) + (i == j ? share * mean : 0));
    }

    private static IEnumerable<(int I, int J)> Pairs(int size)
        => Enumerable.Range(0, size * size).Select(p => (p / size, p % size));
}
