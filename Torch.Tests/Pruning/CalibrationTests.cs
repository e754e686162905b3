using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

/// <summary>What a calibration measures, beside a network in double precision with derivatives by differences.</summary>
public sealed class CalibrationTests : IDisposable
{
    private const Evidence All = Calibration.Measurable & (Evidence)0xfff;
    private const int Samples = 11;

    private static readonly ModelDescriptor Tiny = new(
        "Tiny",
        [
            Models.Layer("Fc1", 5, 4, new UnstructuredPattern(0.5), Activation.Tanh),
            Models.Layer("Fc2", 4, 3, new UnstructuredPattern(0.5)),
        ]);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SparseModule _module = new(Tiny, seed: 1);
    private readonly DoubleNet _net;
    private readonly double[][] _inputs;
    private readonly int[] _targets;
    private readonly Tensor _x;
    private readonly Tensor _t;

    public CalibrationTests()
    {
        foreach (var (i, layer) in _module.Layers.Index())
        {
            Values.Set(_module.Masked(i), Values.Random(i, (int)layer.Layer.WeightCount), Values.RandomMask(i + 5, (int)layer.Layer.WeightCount, 0.8), Values.Random(i + 9, layer.Layer.OutFeatures));
        }

        _net = new DoubleNet(_module);
        var values = Values.Random(3, Samples * 5, scale: 2);
        _inputs = [.. values.Chunk(5).Select(sample => sample.Select(value => (double)value).ToArray())];
        _targets = [.. Enumerable.Range(0, Samples).Select(i => i * 7 % 3)];
        _x = Values.AsTensor(values, Samples, 5);
        _t = tensor(_targets.Select(target => (long)target).ToArray());
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Gradients_agree_with_differences()
    {
        var measured = Calibrate().Measure(_module, All);

        for (var l = 0; l < 2; l++)
        {
            AssertClose(DoubleNet.Gradient(_net.Weights[l], Loss), measured[l].Gradient, "the gradient");
            double[][] single = [.. Enumerable.Range(0, Samples).Select(i => DoubleNet.Gradient(_net.Weights[l], () => _net.CrossEntropy(_inputs[i], _targets[i])))];
            AssertClose([.. single.SelectMany(gradient => gradient)], measured[l].SampleGradients, "gradients of samples");
            AssertClose(Mean(single.Select(gradient => gradient.Select(g => g * g).ToArray())), measured[l].SquaredGradient, "squared gradients");
            // The gradient of what the activation takes is that of the bias.
            var sums = Enumerable.Range(0, Samples).Select(i => DoubleNet.Gradient(_net.Biases[l], () => _net.CrossEntropy(_inputs[i], _targets[i])));
            AssertClose(Mean(sums.Select(Products)), measured[l].GradientGram, "products of gradients");
        }
    }

    [Fact]
    public void Inputs_and_outputs_are_those_of_each_layer()
    {
        var measured = Calibrate().Measure(_module, All);
        var activations = _inputs.Select(_net.Run).ToArray();

        for (var l = 0; l < 2; l++)
        {
            AssertClose([.. Mean(activations.Select(a => a[l].Select(x => x * x).ToArray())).Select(mean => Math.Sqrt(mean * Samples))], measured[l].InputNorms, "norms");
            AssertClose(Mean(activations.Select(a => Products(a[l]))), measured[l].InputGram, "products of inputs");
            AssertClose(Mean(activations.Select(a => a[l + 1])), measured[l].OutputMeans, "means of outputs");
            AssertClose(Mean(activations.Select(a => Products(a[l + 1]))), measured[l].OutputGram, "products of outputs");
        }
    }

    [Fact]
    public void The_Hessian_times_the_gradient_agrees_with_differences_of_the_active_weights()
    {
        double[][] direction = [.. _net.Weights.Select((layer, l) => DoubleNet.Gradient(layer, Loss).Zip(_module.Layers[l].ReadMask(), (g, active) => active ? g : 0).ToArray())];
        var expected = _net.HessianTimes(direction, Loss);

        var measured = Calibrate().Measure(_module, Evidence.HessianGradient);

        Assert.All(expected, (layer, l) => AssertClose(layer, measured[l].HessianGradient, "H g"));
        Assert.Equal(0, measured[0].Gradient.Length);
    }

    [Fact]
    public void A_loss_that_is_linear_in_the_weights_has_no_curvature()
    {
        using var module = new SparseModule(Models.Single(Models.Layer("Fc1", 5, 3, new UnstructuredPattern(0.5))), seed: 1);

        var measured = new Calibration([(_x, _t)], (outputs, _) => outputs.mean()).Measure(module, Evidence.HessianGradient)[0];

        Assert.All(measured.HessianGradient.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Batches_of_any_sizes_give_the_same()
    {
        var whole = Calibrate().Measure(_module, All);
        var parts = Calibrate(3, 1, 7).Measure(_module, All);

        for (var l = 0; l < 2; l++)
        {
            foreach (var property in typeof(LayerEvidence).GetProperties().Where(property => property.PropertyType == typeof(ReadOnlyMemory<float>)))
            {
                var expected = ((ReadOnlyMemory<float>)property.GetValue(whole[l])!).ToArray();
                AssertClose([.. expected.Select(value => (double)value)], (ReadOnlyMemory<float>)property.GetValue(parts[l])!, property.Name);
            }
        }
    }

    [Fact]
    public void Gradients_of_samples_are_those_of_the_first()
    {
        var all = Calibrate(3, 1, 7).Measure(_module, Evidence.SampleGradients)[0].SampleGradients;
        var calibration = new Calibration(Batches(3, 1, 7)) { SampleLimit = 5 };

        Assert.Equal(all[..(5 * 20)].ToArray(), calibration.Measure(_module, Evidence.SampleGradients)[0].SampleGradients.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Each_layer_gets_what_it_needs_and_no_more()
    {
        var measured = Calibrate().Measure(_module, [Evidence.Gradient, Evidence.HessianGradient | Evidence.InputNorms]);

        Assert.Equal((20, 0, 0), (measured[0].Gradient.Length, measured[0].HessianGradient.Length, measured[0].InputNorms.Length));
        Assert.Equal((0, 12, 4), (measured[1].Gradient.Length, measured[1].HessianGradient.Length, measured[1].InputNorms.Length));
    }

    [Fact]
    public void Both_modes_measure_the_same()
    {
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        using var exact = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 2, masks);
        using var sparse = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
        var calibration = new Calibration([(Values.AsTensor(Values.Random(4, 24 * 20), 24, 20), arange(24) % 5)]);

        var (a, b) = (calibration.Measure(exact, All), calibration.Measure(sparse, All));

        Assert.All(a, (layer, l) => Assert.Equal(layer.SquaredGradient.ToArray(), b[l].SquaredGradient.ToArray()));
        Assert.All(a, (layer, l) => Assert.Equal(layer.HessianGradient.ToArray(), b[l].HessianGradient.ToArray()));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Nothing_is_left_behind(TrainingMode mode)
    {
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 2, RandomMasks.Create(ManyPatterns.Descriptor, seed: 1));
        using var optimizer = optim.Adam(module.parameters(), lr: 0.01);
        nn.functional.mse_loss(module.call(rand(24, 20)), zeros(24, 5)).backward();
        optimizer.step();
        module.eval();
        var before = State();

        // Batches and loss draw from torch's generator, each time the same.
        var calibration = new Calibration(
            Enumerable.Range(0, 2).Select(_ => (rand(24, 20), zeros(24, 5))),
            (outputs, targets) => nn.functional.mse_loss(nn.functional.dropout(outputs, 0.5, training: true), targets));
        IReadOnlyList<LayerEvidence> first;
        using (no_grad())
        {
            first = calibration.Measure(module, All);
        }

        Assert.Equal(before, State());
        Assert.False(module.training);
        Assert.Equal(first[0].HessianGradient.ToArray(), calibration.Measure(module, All)[0].HessianGradient.ToArray());

        string State()
        {
            var states = ((OptimizerHelper)optimizer).state_dict().State.SelectMany(OptimizerStates.Tensors);
            Tensor[] tensors = [.. module.parameters(), .. module.parameters().Select(parameter => parameter.grad!), .. module.buffers(), .. states, random.get_rng_state()];
            return string.Join('\n', tensors.Select(tensor => Convert.ToHexString(tensor.detach().contiguous().bytes)));
        }
    }

    [Fact]
    public void Wrong_arguments_are_errors_with_a_remedy()
    {
        void Fails(Action measure, params string[] parts)
        {
            var error = Assert.Throws<ArgumentException>(measure);
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }

        Fails(() => new Calibration([]).Measure(_module, All), "at least one sample");
        Fails(() => new Calibration([(zeros(2, 6), _t)]).Measure(_module, All), "'Fc1'", "[batch, 5]", "[2, 6]");
        Fails(() => new Calibration([(zeros(2, 5, dtype: ScalarType.Float64), _t)]).Measure(_module, All), "'Fc1'", "Float64");
        Fails(() => new Calibration([(_x, _t)], (outputs, _) => outputs).Measure(_module, All), "[11, 3]", "mean over the samples");
        Fails(() => new Calibration([(_x, _t)], (outputs, _) => outputs.detach().mean()).Measure(_module, All), "no gradient");
        Fails(() => Calibrate().Measure(_module, Evidence.Movement), "'Fc1'", "Movement", "Pruner");
        Fails(() => Calibrate().Measure(_module, [All]), "2 layers", "1");
        Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration([]) { SampleLimit = 0 });
    }

    private static double[] Products(double[] vector) => [.. vector.SelectMany(a => vector.Select(b => a * b))];

    private static double[] Mean(IEnumerable<double[]> rows)
    {
        var all = rows.ToArray();
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(row => row[i]))];
    }

    private static void AssertClose(double[] expected, ReadOnlyMemory<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual.Span[i]) <= 2e-5 * largest, $"{what}, element {i}: {actual.Span[i]} where {expected[i]} was expected; the largest is {largest}.");
        }
    }

    private double Loss() => _inputs.Select((input, i) => _net.CrossEntropy(input, _targets[i])).Average();

    private Calibration Calibrate(params int[] sizes) => new(Batches(sizes));

    private List<(Tensor, Tensor)> Batches(params int[] sizes)
    {
        var batches = new List<(Tensor, Tensor)>();
        var first = 0;
        foreach (var size in sizes.Length == 0 ? [Samples] : sizes)
        {
            batches.Add((_x.narrow(0, first, size), _t.narrow(0, first, size)));
            first += size;
        }

        return batches;
    }
}
