namespace KernelGen.Pruning;

/// <summary>
/// Finds the change D of a layer's weights that raises 1/2 tr(G D A D^T) least, where D is given for the weights that are 0 from now on:
/// by conjugate gradients over those that stay, scaled by the diagonal. A step costs two dense products and never raises it.
/// </summary>
internal sealed class KroneckerLeastChange(double[] outputs, double[] inputs, int rows, int columns)
{
    private readonly double[] _half = new double[rows * columns];

    /// <summary>Improves a change step by step.</summary>
    /// <param name="change">D, row-major [rows, columns]; given outside the mask, and found where it is true.</param>
    /// <param name="mask">The weights that stay.</param>
    /// <param name="steps">Steps at most; fewer once the slope has fallen to a trillionth.</param>
    public void Find(Span<double> change, ReadOnlySpan<bool> mask, int steps)
    {
        var slope = new double[change.Length];
        var scaled = new double[change.Length];
        var product = new double[change.Length];
        Multiply(change, slope);
        Negate(slope);
        Scale(slope, mask, scaled);
        var direction = scaled.ToArray();
        var size = Vectors.Dot(slope, scaled);
        var enough = size * 1e-24;
        for (var step = 0; step < steps && size > enough; step++)
        {
            Multiply(direction, product);
            var curvature = Vectors.Dot(direction, product);
            if (!(curvature > 0))
            {
                return;
            }

            Vectors.AddScaled(size / curvature, direction, change);
            Vectors.AddScaled(-size / curvature, product, slope);
            Scale(slope, mask, scaled);
            var former = size;
            size = Vectors.Dot(slope, scaled);
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = scaled[i] + (size / former * direction[i]);
            }
        }
    }

    /// <summary>product = G D A</summary>
    private void Multiply(ReadOnlySpan<double> change, Span<double> product)
    {
        MatrixProduct.Multiply(change, inputs, _half, rows, columns, columns);
        MatrixProduct.Multiply(outputs, _half, product, rows, rows, columns);
    }

    private static void Negate(Span<double> values)
    {
        foreach (ref var value in values)
        {
            value = -value;
        }
    }

    /// <summary>Divides by the diagonal of G x A, and leaves out the weights that don't stay and those that change nothing.</summary>
    private void Scale(ReadOnlySpan<double> slope, ReadOnlySpan<bool> mask, Span<double> scaled)
    {
        for (var i = 0; i < rows; i++)
        {
            var output = outputs[(i * rows) + i];
            for (var j = 0; j < columns; j++)
            {
                var place = (i * columns) + j;
                var diagonal = output * inputs[(j * columns) + j];
                scaled[place] = mask[place] && diagonal > 0 ? slope[place] / diagonal : 0;
            }
        }
    }
}
