using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Reference;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>Gradients of layers of every pattern and activation in a row, through the public path, beside double precision.</summary>
public sealed class GpuGradientsTests
{
    private const int Seed = 7;

    /// <summary>Of the largest of a kind: nine layers' errors add up.</summary>
    private const double Tolerance = 2e-5;

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void All_gradients_match_the_oracle(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        foreach (var (batch, layout) in device == TestDevices.Simulation ? [(3, Layout.RowMajor)] : new[] { (200, Layout.FeatureMajor), (1, Layout.RowMajor), (33, Layout.RowMajor) })
        {
            var oracle = Oracle(model, weights, batch, out var x, out var dy);
            var (output, dx) = (new float[dy.Length], new float[x.Length]);
            gradients.Forward(Laid(x, batch, layout), output, batch, layout);
            AssertNear(oracle.Output, Rows(output, batch, layout), "outputs");
            gradients.Backward(Laid(dy, batch, layout), dx);
            AssertNear(oracle.InputGradient, Rows(dx, batch, layout), "the inputs' gradient");
            AssertLayers(model, gradients, oracle);

            // Anew, without the inputs' gradient: bit for bit the same.
            var values = Values(model, gradients);
            gradients.Backward(Laid(dy, batch, layout), []);
            Assert.Equal(values, Values(model, gradients));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Batches_in_the_devices_memory_match_the_oracle(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        const int Batch = 5;
        var oracle = Oracle(model, weights, Batch, out var x, out var dy);
        using var input = lease.Accelerator.Allocate1D(x);
        using var output = lease.Accelerator.Allocate1D<float>(dy.Length);
        using var outputGradient = lease.Accelerator.Allocate1D(dy);
        using var inputGradient = lease.Accelerator.Allocate1D<float>(x.Length);
        gradients.Forward(input.View, output.View, Batch);
        gradients.Backward(outputGradient.View, inputGradient.View);
        gradients.Stream.Synchronize();
        AssertNear(oracle.Output, output.GetAsArray1D(), "outputs");
        AssertNear(oracle.InputGradient, inputGradient.GetAsArray1D(), "the inputs' gradient");
        AssertLayers(model, gradients, oracle);
    }

    /// <summary>Masks that are so full that the products run dense, and then sparse ones; each with one set of values, and another.</summary>
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Weights_that_are_set_later_are_followed(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out _);
        using var gpu = model.ToGpu(lease.Accelerator);
        using var gradients = gpu.CreateGradients();
        const int Batch = 3;
        foreach (var density in new[] { 1, 0.05 })
        {
            var weights = KernelCases.SetRandomWeights(model, new Random(Seed + 1), density);
            Follows(weights);
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = weights[i] with { Values = Array.ConvertAll(weights[i].Values, value => -0.5f * value) };
                model.Layers[i].SetWeights(weights[i].Values, weights[i].Bias, weights[i].Mask);
            }

            Follows(weights);
        }

        Assert.Contains(gpu.Plan, layer => layer.IsSparse);

        void Follows(Weights[] weights)
        {
            var oracle = Oracle(model, weights, Batch, out var x, out var dy);
            gradients.Forward(x, new float[dy.Length], Batch);
            gradients.Backward(dy, new float[x.Length]);
            AssertLayers(model, gradients, oracle);
        }
    }

    private static EveryActivation Create(out Weights[] weights)
    {
        var model = new EveryActivation();
        weights = KernelCases.SetRandomWeights(model, new Random(Seed), 0.4);
        return model;
    }

    private static void AssertLayers(EveryActivation model, GpuGradients gradients, Expected oracle)
    {
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            var (values, bias) = (new float[gradients.NonzerosOf(layer)], new float[layer.Descriptor.Bias ? layer.OutFeatures : 0]);
            gradients.CopyTo(layer, values, bias);
            AssertNear(oracle.Values[i], values, $"the gradient of the weights of {layer.Name}");
            AssertNear(layer.Descriptor.Bias ? oracle.Biases[i] : [], bias, $"the gradient of the biases of {layer.Name}");
        }
    }

    private static float[] Values(EveryActivation model, GpuGradients gradients) => [.. model.Layers.SelectMany(layer =>
    {
        var (values, bias) = (new float[gradients.NonzerosOf(layer)], new float[layer.Descriptor.Bias ? layer.OutFeatures : 0]);
        gradients.CopyTo(layer, values, bias);
        return values.Concat(bias);
    })];

    private static void AssertNear(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= Tolerance * scale))
            {
                Assert.Fail($"Seed {Seed}: number {i} of {what} is {actual[i]:R}, not {expected[i]:R}; the largest is {scale:R}.");
            }
        }
    }

    private static float[] Laid(float[] rows, int batch, Layout layout) => layout == Layout.RowMajor ? rows : Weights.Transpose(rows, batch, rows.Length / batch);

    private static float[] Rows(float[] laid, int batch, Layout layout) => layout == Layout.RowMajor ? laid : Weights.Transpose(laid, laid.Length / batch, batch);

    /// <summary>A random batch and gradient, and all that follows, in plain loops over dense matrices in double precision.</summary>
    private static Expected Oracle(EveryActivation model, Weights[] weights, int batch, out float[] x, out float[] dy)
    {
        var random = new Random(batch);
        var layers = model.Layers.Select(layer => layer.Descriptor).ToArray();
        x = Weights.Floats(random, batch * layers[0].InFeatures);
        dy = Weights.Floats(random, batch * layers[^1].OutFeatures);
        var inputs = new List<double[]> { Array.ConvertAll(x, value => (double)value) };
        var sums = new List<double[]>();
        for (var i = 0; i < layers.Length; i++)
        {
            var z = new double[batch * layers[i].OutFeatures];
            LinearReference.Sums(weights[i].ToMatrix(), weights[i].Bias, inputs[i], z, batch);
            sums.Add(z);
            inputs.Add(Array.ConvertAll(z, value => ActivationReference.Apply(layers[i].Activation, value, layers[i].NegativeSlope)));
        }

        var gradient = Array.ConvertAll(dy, value => (double)value);
        var (values, biases) = (new double[layers.Length][], new double[layers.Length][]);
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            var (rows, columns, w) = (layers[i].OutFeatures, layers[i].InFeatures, weights[i]);
            var dz = gradient.Select((value, k) => value * GradientReference.Slope(layers[i], sums[i][k])).ToArray();
            var (dw, db, dx) = (new double[rows * columns], new double[rows], new double[batch * columns]);
            for (var sample = 0; sample < batch; sample++)
            {
                for (var row = 0; row < rows; row++)
                {
                    var g = dz[(sample * rows) + row];
                    db[row] += g;
                    for (var column = 0; column < columns; column++)
                    {
                        dw[(row * columns) + column] += g * inputs[i][(sample * columns) + column];
                        dx[(sample * columns) + column] += g * w.Values[(row * columns) + column];
                    }
                }
            }

            (values[i], biases[i], gradient) = ([.. dw.Where((_, place) => w.Mask[place])], db, dx);
        }

        return new Expected(inputs[^1], gradient, values, biases);
    }

    private sealed record Expected(double[] Output, double[] InputGradient, double[][] Values, double[][] Biases);
}
