using KernelGen.Formats;
using KernelGen.Reference;
using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class ReferenceTests
{
    [Theory]
    // Values to 20 digits, rounded (Abramowitz and Stegun table 7.1, and its continuation by a computer algebra system).
    [InlineData(0, 0)]
    [InlineData(0.1, 0.11246291601828489220)]
    [InlineData(0.5, 0.52049987781304653768)]
    [InlineData(1, 0.84270079294971486934)]
    [InlineData(1.5, 0.96610514647531072707)]
    [InlineData(2, 0.99532226501895273416)]
    [InlineData(3, 0.99997790950300141456)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Erf_matches_published_values(double x, double expected)
    {
        Assert.Equal(expected, ErrorFunction.Erf(x), 1e-15);
        Assert.Equal(-expected, ErrorFunction.Erf(-x), 1e-15);
        Assert.Equal(1 - expected, ErrorFunction.Erfc(x), 1e-15);
        Assert.Equal(1 + expected, ErrorFunction.Erfc(-x), 1e-15);
    }

    [Theory]
    [InlineData(2, 4.6777349810472658379e-3)]
    [InlineData(5, 1.5374597944280348502e-12)]
    [InlineData(10, 2.0884875837625447570e-45)]
    public void Erfc_keeps_its_digits_in_the_tail(double x, double expected)
        => Assert.Equal(1, ErrorFunction.Erfc(x) / expected, 3e-14);

    [Fact]
    public void Erf_is_continuous_where_the_method_changes()
        => Assert.Equal(ErrorFunction.Erf(Math.BitDecrement(1.5)), ErrorFunction.Erf(1.5), 1e-15);

    [Theory]
    [InlineData(Activation.None, -2, -2)]
    [InlineData(Activation.Relu, -2, 0)]
    [InlineData(Activation.Relu, 3, 3)]
    [InlineData(Activation.LeakyRelu, -2, -0.2)]
    [InlineData(Activation.LeakyRelu, 2, 2)]
    [InlineData(Activation.Gelu, 1, 0.84134474606854294859)]
    [InlineData(Activation.Gelu, -1, -0.15865525393145705141)]
    [InlineData(Activation.GeluTanh, 1, 0.8411919906082768)]
    [InlineData(Activation.Sigmoid, 1, 0.73105857863000487925)]
    [InlineData(Activation.Tanh, 1, 0.76159415595576488812)]
    [InlineData(Activation.Silu, 1, 0.73105857863000487925)]
    [InlineData(Activation.Silu, -1, -0.26894142136999512075)]
    public void Activations_match_their_definitions(Activation activation, double x, double expected)
        => Assert.Equal(expected, ActivationReference.Apply(activation, x, 0.1), 1e-15);

    [Fact]
    public void Every_activation_passes_NaN_on()
        => Assert.All(
            Enum.GetValues<Activation>(), activation => Assert.True(double.IsNaN(ActivationReference.Apply(activation, double.NaN, 0.1))));

    [Fact]
    public void Inactive_weights_never_contribute()
    {
        var matrix = SparseMatrix.FromDense([2, 0, 0, -3], 2, 2);
        var y = new double[2];

        LinearReference.Sums(matrix, [1, 10], [double.PositiveInfinity, 2], y, 1);

        Assert.Equal([double.PositiveInfinity, 4], y);
    }

    [Fact]
    public void Sums_and_magnitudes_agree_with_a_naive_product()
    {
        var random = new Random(5);
        var weights = Weights.Random(random, 7, 11, 0.4).WithBias(random);
        var x = Weights.Floats(random, 3 * 11);
        var doubles = Array.ConvertAll(x, value => (double)value);
        var sums = new double[3 * 7];
        var magnitudes = new double[3 * 7];

        LinearReference.Sums(weights.ToMatrix(), weights.Bias, doubles, sums, 3);
        LinearReference.Magnitudes(weights.ToMatrix(), weights.Bias, doubles, magnitudes, 3);

        var floats = weights.Apply(x, 3);
        for (var i = 0; i < sums.Length; i++)
        {
            Assert.InRange(Math.Abs(sums[i] - floats[i]), 0, magnitudes[i] * 12 * Math.Pow(2, -24));
        }

        // The last row of the last sample.
        var products = Enumerable.Range(0, 11).Select(k => Math.Abs((double)weights.Values[66 + k] * x[22 + k]));
        Assert.Equal(Math.Abs(weights.Bias[6]) + products.Sum(), magnitudes[20], 1e-12);
    }

    [Fact]
    public void Forward_applies_bias_and_activation()
    {
        var layer = new LayerDescriptor("Fc1", 2, 2, true, Activation.LeakyRelu, 0.5f, new DensePattern());
        var y = new double[4];

        LinearReference.Forward(layer, SparseMatrix.FromDense([1, 2, 3, 4], 2, 2), [-5, 1], [1, 1, 2, 2], y, 2);

        Assert.Equal([-1, 8, 1, 15], y);
    }
}
