namespace KernelGen.Pruning;

/// <summary>A damped factor of a Kronecker product: mean products of the inputs of a layer, or of the gradients of its outputs.</summary>
internal sealed class KroneckerFactor
{
    private readonly LayerDescriptor _layer;
    private readonly string _what;
    private readonly double _dampening;
    private readonly int _size;

    private KroneckerFactor(LayerDescriptor layer, string what, double dampening, double[] matrix, int size)
        => (_layer, _what, _dampening, Matrix, _size) = (layer, what, dampening, matrix, size);

    /// <summary>Row-major [size, size].</summary>
    public double[] Matrix { get; }

    /// <summary>Reads products, and adds to their diagonal a share of its mean.</summary>
    /// <exception cref="ArgumentException">The products are missing, of wrong length or not finite.</exception>
    public static KroneckerFactor Of(LayerDescriptor layer, ReadOnlyMemory<float> gram, int size, string what, double dampening)
    {
        var values = FiniteEvidence.Read(layer, gram, (long)size * size, what);
        var matrix = new double[values.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = values[i];
        }

        var trace = 0.0;
        for (var i = 0; i < matrix.Length; i += size + 1)
        {
            trace += matrix[i];
        }

        // A layer that nothing reaches, or that nothing depends on, has no scale of its own.
        var addition = dampening * (trace > 0 ? trace / size : 1);
        for (var i = 0; i < matrix.Length; i += size + 1)
        {
            matrix[i] += addition;
        }

        return new KroneckerFactor(layer, what, dampening, matrix, size);
    }

    /// <summary>(S^-1[Q,Q])^-1 of this factor S, for each range Q of some length; the last may be cut.</summary>
    /// <exception cref="ArgumentException">The dampening is too small: S has no inverse.</exception>
    public double[][] Units(int length)
    {
        var inverse = Matrix.AsSpan().ToArray();
        Invert(inverse, _size);
        var units = new double[(_size + length - 1) / length][];
        for (var i = 0; i < units.Length; i++)
        {
            int[] places = [.. Enumerable.Range(i * length, Math.Min(length, _size - (i * length)))];
            units[i] = Cholesky.Part(inverse, _size, places);
            Invert(units[i], places.Length);
        }

        return units;
    }

    private void Invert(double[] matrix, int size)
    {
        if (!Cholesky.TryInvert(matrix, size))
        {
            throw FiniteEvidence.Singular(_layer, _what, _dampening);
        }
    }
}
