namespace KernelGen.Pruning;

/// <summary>
/// SparseGPT's pass over the inputs of a layer from left to right. A weight that goes at input j leaves an error, which the weights to
/// its right make up for as well as they can; those to its left are settled. For all rows the same triangle U of H^-1 = U^T U serves, H =
/// 2 (X X^T)/n + damping.
/// </summary>
internal sealed class ColumnSweep
{
    private readonly double[] _triangle;
    private readonly double[] _importance;
    private readonly double[] _weights;
    private readonly int _columns;

    /// <summary>Begins a pass over the weights of a layer.</summary>
    /// <param name="input">The layer; its evidence holds the products of inputs.</param>
    /// <param name="dampening">What is added to the diagonal of H, as a share of its mean over the inputs that are ever nonzero.</param>
    /// <exception cref="ArgumentException">
    /// The products of inputs are missing, of wrong length or not finite, the dampening is too small for them, or a weight isn't finite.
    /// </exception>
    public ColumnSweep(ScoreInput input, double dampening)
    {
        _columns = input.Layer.InFeatures;
        _weights = new double[input.Weights.Length];
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = input.Mask[i] ? input.Weights[i] : 0;
            if (!double.IsFinite(_weights[i]))
            {
                throw new ArgumentException(
                    $"Layer '{input.Layer.Name}': the weight at row {i / _columns}, column {i % _columns} is {input.Weights[i]}, so nothing can make up "
                    + "for it. Restore the weights from before the run diverged; nothing was changed.");
            }
        }

        var gram = FiniteEvidence.Read(input.Layer, input.Evidence.InputGram, (long)_columns * _columns, "the products of inputs");
        _triangle = new double[gram.Length];
        for (var i = 0; i < gram.Length; i++)
        {
            _triangle[i] = 2.0 * gram[i];
        }

        // Inputs that are always 0 say nothing of their weights: these matter to no other, and go first.
        _importance = new double[_columns];
        var (live, sum) = (0, 0.0);
        for (var j = 0; j < _columns; j++)
        {
            _importance[j] = _triangle[(j * _columns) + j] == 0 ? 0 : 1;
            live += (int)_importance[j];
            sum += _triangle[(j * _columns) + j];
        }

        for (var j = 0; j < _columns; j++)
        {
            _triangle[(j * _columns) + j] += _importance[j] == 0 ? 1 : dampening * sum / live;
        }

        // With both orders reversed, H = L L^T becomes R R^T of an upper triangle R; and U = R^-1.
        Array.Reverse(_triangle);
        if (!Cholesky.TryFactor(_triangle, _columns))
        {
            throw FiniteEvidence.Singular(input.Layer, "products of inputs", dampening);
        }

        Cholesky.InvertFactor(_triangle, _columns);
        Array.Reverse(_triangle);
        for (var j = 0; j < _columns; j++)
        {
            var diagonal = _triangle[(j * _columns) + j];
            _importance[j] /= diagonal * diagonal;
        }
    }

    /// <summary>The weights as they are by now, row-major.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Scores neighbouring weights of a row as they are by now: w^2 / U_jj^2, and 0 at an input that is always 0.</summary>
    public void Score(int row, int first, Span<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var weight = _weights[(row * _columns) + first + i];
            scores[i] = (float)(weight * weight * _importance[first + i]);
        }
    }

    /// <summary>Settles neighbouring weights of a row: those outside the mask become 0, and weights to their right make up for them.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The first input; those to its left are settled already.</param>
    /// <param name="mask">The weights that stay, from the first on.</param>
    public void Settle(int row, int first, ReadOnlySpan<bool> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            var j = first + i;
            var rest = _weights.AsSpan((row * _columns) + j, _columns - j);
            if (!mask[i] && rest[0] != 0)
            {
                var triangle = _triangle.AsSpan((j * _columns) + j, _columns - j);
                Vectors.AddScaled(-rest[0] / triangle[0], triangle, rest);
                rest[0] = 0;
            }
        }
    }
}
