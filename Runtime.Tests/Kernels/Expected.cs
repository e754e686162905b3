using KernelGen.Reference;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>What the double-precision oracle says of a layer and a batch, and how far single precision may be from it.</summary>
internal sealed class Expected
{
    private const double HalfUlp = 1.0 / (1 << 24);

    // The steepest activation, GELU, has slope 1.13.
    private const double Steepest = 1.2;

    private readonly double[] _values;
    private readonly double[] _bounds;

    public Expected(LayerDescriptor layer, Weights weights, float[] x, int batch)
    {
        var matrix = weights.ToMatrix();
        var input = Array.ConvertAll(x, value => (double)value);
        _values = new double[batch * layer.OutFeatures];
        var sums = new double[_values.Length];
        _bounds = new double[_values.Length];
        LinearReference.Forward(layer, matrix, weights.Bias, input, _values, batch);
        LinearReference.Sums(matrix, weights.Bias, input, sums, batch);
        LinearReference.Magnitudes(matrix, weights.Bias, input, _bounds, batch);
        for (var i = 0; i < _bounds.Length; i++)
        {
            // Sums may come in any order; the activation errs by 4 ulp or 1e-7 max(1, |x|).
            var terms = matrix.RowValues(i % layer.OutFeatures).Length + 1;
            var ofSum = Steepest * (terms + 1) * HalfUlp * _bounds[i];
            var ofActivation = Math.Max(8 * HalfUlp * Math.Abs(_values[i]), 1e-7 * Math.Max(1, Math.Abs(sums[i])));
            _bounds[i] = ofSum + ofActivation;
        }
    }

    /// <summary>Fails at the first output, row-major [batch, out], that is too far from the oracle's.</summary>
    public void AssertMatches(ReadOnlySpan<float> actual, string context)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            var matches = double.IsFinite(_values[i])
                ? Math.Abs(actual[i] - _values[i]) <= _bounds[i]
                : double.IsNaN(_values[i]) ? float.IsNaN(actual[i]) : actual[i] == _values[i];
            if (!matches)
            {
                Assert.Fail($"{context}: output {i} is {actual[i]:R}, not {_values[i]:R} within {_bounds[i]:E1}.");
            }
        }
    }
}
