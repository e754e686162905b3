namespace KernelGen.Pruning;

/// <summary>A block of weights Q that goes at once, and its part of a Kronecker product: (F^-1[Q,Q])^-1 = G x A.</summary>
internal readonly struct KroneckerUnit
{
    private readonly double[] _outputs;
    private readonly double[] _inputs;
    private readonly int _start;
    private readonly int _stride;
    private readonly int _height;
    private readonly int _width;

    /// <summary>A block of weights.</summary>
    /// <param name="stride">Inputs of the layer.</param>
    /// <param name="row">The block's first row.</param>
    /// <param name="column">The block's first column.</param>
    /// <param name="outputs">G, [height, height].</param>
    /// <param name="inputs">A, [width, width].</param>
    public KroneckerUnit(int stride, int row, int column, double[] outputs, double[] inputs)
    {
        (_outputs, _inputs, _start, _stride) = (outputs, inputs, (row * stride) + column, stride);
        _height = (int)Math.Sqrt(outputs.Length);
        _width = (int)Math.Sqrt(inputs.Length);
    }

    /// <summary>What the loss rises when the block goes, 1/2 tr(G W A W^T) of its weights W.</summary>
    /// <param name="weights">The layer's weights, row-major.</param>
    public double Rise(ReadOnlySpan<double> weights)
    {
        var rise = 0.0;
        for (var i = 0; i < _height; i++)
        {
            for (var k = 0; k <= i; k++)
            {
                var both = _outputs[(i * _height) + k] * Product(Row(weights, i), Row(weights, k));
                rise += i == k ? both / 2 : both;
            }
        }

        return rise;
    }

    /// <summary>Gives each active weight of the block an equal part of a score.</summary>
    public void Spread(double score, ReadOnlySpan<bool> mask, Span<float> scores)
    {
        var active = 0;
        for (var i = 0; i < _height; i++)
        {
            active += Row(mask, i).Count(true);
        }

        for (var i = 0; i < _height; i++)
        {
            scores.Slice(_start + (i * _stride), _width).Fill((float)(score / Math.Max(1, active)));
        }
    }

    /// <summary>left A right^T</summary>
    private double Product(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var j = 0; j < _width; j++)
        {
            sum += left[j] * Vectors.Dot(right, _inputs.AsSpan(j * _width, _width));
        }

        return sum;
    }

    private ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> values, int row) => values.Slice(_start + (row * _stride), _width);
}
