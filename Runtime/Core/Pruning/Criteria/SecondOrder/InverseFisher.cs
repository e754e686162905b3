namespace KernelGen.Pruning;

/// <summary>
/// The inverse of lambda I + 1/N sum g g^T over the gradients g of N samples, for a few weights of a layer, built up sample by sample
/// (Sherman and Morrison). Weights that aren't active take no part: their gradients count as 0.
/// </summary>
internal sealed class InverseFisher(int capacity)
{
    private readonly double[] _gradient = new double[capacity];
    private readonly double[] _product = new double[capacity];
    private readonly double[] _inverse = new double[capacity * capacity];

    /// <summary>Builds the inverse for one block.</summary>
    /// <param name="gradients">Gradients of the whole layer, [samples, stride].</param>
    /// <param name="stride">Weights of the layer.</param>
    /// <param name="start">The first weight of the block.</param>
    /// <param name="mask">The active weights of the block.</param>
    /// <param name="dampening">Lambda.</param>
    /// <returns>Row-major [block, block]; empty where rounding left no positive diagonal.</returns>
    public Span<double> Of(ReadOnlySpan<float> gradients, int stride, int start, ReadOnlySpan<bool> mask, double dampening)
    {
        var size = mask.Length;
        var inverse = _inverse.AsSpan(0, size * size);
        inverse.Clear();
        for (var i = 0; i < size; i++)
        {
            inverse[(i * size) + i] = 1 / dampening;
        }

        var samples = gradients.Length / stride;
        for (var sample = 0; sample < samples; sample++)
        {
            if (Gather(gradients.Slice((sample * stride) + start, size), mask))
            {
                Add(inverse, size, samples);
            }
        }

        for (var i = 0; i < size; i++)
        {
            if (!(inverse[(i * size) + i] > 0))
            {
                return [];
            }
        }

        return inverse;
    }

    private bool Gather(ReadOnlySpan<float> gradient, ReadOnlySpan<bool> mask)
    {
        var any = false;
        for (var i = 0; i < mask.Length; i++)
        {
            _gradient[i] = mask[i] ? gradient[i] : 0;
            any |= _gradient[i] != 0;
        }

        return any;
    }

    /// <summary>F^-1 -= (F^-1 g) (F^-1 g)^T / (N + g^T F^-1 g)</summary>
    private void Add(Span<double> inverse, int size, int samples)
    {
        var gradient = _gradient.AsSpan(0, size);
        var product = _product.AsSpan(0, size);
        for (var i = 0; i < size; i++)
        {
            product[i] = Vectors.Dot(inverse.Slice(i * size, size), gradient);
        }

        var scale = -1 / (samples + Vectors.Dot(gradient, product));
        for (var i = 0; i < size; i++)
        {
            Vectors.AddScaled(scale * product[i], product, inverse.Slice(i * size, size));
        }
    }
}
