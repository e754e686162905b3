namespace KernelGen.Benchmarks.Peers;

/// <summary>The product to time: Y [M, N] = W [M, K] X [K, N], all row-major, so X and Y are feature-major batches.</summary>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Samples.</param>
/// <param name="W">The weights, zeros included.</param>
/// <param name="X">The activations.</param>
internal sealed record Product(int M, int K, int N, float[] W, float[] X)
{
    /// <summary>W [K, M].</summary>
    public float[] TransposedW() => Transpose(W, M, K);

    /// <summary>X [N, K]: a row-major batch.</summary>
    public float[] TransposedX() => Transpose(X, K, N);

    /// <summary>The transpose of a row-major [rows, columns].</summary>
    public static T[] Transpose<T>(T[] matrix, int rows, int columns)
    {
        var transposed = new T[matrix.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }
}
