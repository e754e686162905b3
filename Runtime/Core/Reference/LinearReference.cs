using KernelGen.Formats;

namespace KernelGen.Reference;

/// <summary>
/// The oracle: a layer in plain scalar double precision over its active weights only, so that an inactive weight never contributes,
/// also not as 0 times infinity. Batches are row-major.
/// </summary>
internal static class LinearReference
{
    /// <summary>y [batch, out] = activation(W x + b), x [batch, in].</summary>
    public static void Forward(
        LayerDescriptor layer, SparseMatrix weights, ReadOnlySpan<float> bias, ReadOnlySpan<double> x, Span<double> y, int batch)
    {
        Sums(weights, bias, x, y, batch);
        foreach (ref var value in y[..(batch * weights.Rows)])
        {
            value = ActivationReference.Apply(layer.Activation, value, layer.NegativeSlope);
        }
    }

    /// <summary>W x + b, before the activation; an empty bias is zero.</summary>
    public static void Sums(SparseMatrix weights, ReadOnlySpan<float> bias, ReadOnlySpan<double> x, Span<double> y, int batch)
        => Sum(weights, bias, x, y, batch, magnitudes: false);

    /// <summary>
    /// The sum of |w x| over a row's active weights, plus |b|: times (terms + 1) 2^-24, it bounds the rounding error of a sum in single
    /// precision in any order.
    /// </summary>
    public static void Magnitudes(SparseMatrix weights, ReadOnlySpan<float> bias, ReadOnlySpan<double> x, Span<double> y, int batch)
        => Sum(weights, bias, x, y, batch, magnitudes: true);

    private static void Sum(
        SparseMatrix weights, ReadOnlySpan<float> bias, ReadOnlySpan<double> x, Span<double> y, int batch, bool magnitudes)
    {
        for (var sample = 0; sample < batch; sample++)
        {
            var input = x.Slice(sample * weights.Columns, weights.Columns);
            for (var row = 0; row < weights.Rows; row++)
            {
                var values = weights.RowValues(row);
                var columns = weights.RowColumns(row);
                double sum = bias.IsEmpty ? 0 : magnitudes ? Math.Abs(bias[row]) : bias[row];
                for (var k = 0; k < values.Length; k++)
                {
                    var product = values[k] * input[columns[k]];
                    sum += magnitudes ? Math.Abs(product) : product;
                }

                y[(sample * weights.Rows) + row] = sum;
            }
        }
    }
}
