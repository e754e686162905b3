using KernelGen.Runtime.Tests.Kernels;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

public sealed class TrainableLinearTests
{
    private readonly Linear _layer = new Unstructured_37To53().Layer;

    public TrainableLinearTests()
    {
        var weights = Weights.Random(new Random(1), 53, 37, 0.2).WithBias(new Random(2));
        _layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
    }

    [Fact]
    public void Values_go_to_the_layer_and_back_bit_for_bit()
    {
        var trainable = new TrainableLinear(_layer);
        var values = new float[trainable.Nonzeros];
        trainable.GetValues(values);
        var before = new float[53 * 37];
        _layer.GetWeights(before);
        Assert.Equal(values.Count(value => value != 0), before.Count(value => value != 0));

        var mask = new bool[before.Length];
        _layer.GetMask(mask);
        var other = values.Select((_, i) => i + 0.5f).ToArray();
        trainable.Store(other, new float[53]);
        var after = new float[before.Length];
        _layer.GetWeights(after);
        Assert.Equal(other, after.Where((_, i) => mask[i]));
        Assert.All(after.Where((_, i) => !mask[i]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_plan_says_which_kernels_run_and_why()
    {
        using var set = Isa.Override(InstructionSet.Scalar);
        var sparse = new TrainableLinear(_layer).Plan;
        Assert.Equal(("Layer", InstructionSet.Scalar, _layer.Plan.Nonzeros, 53 * 37), (sparse.Layer, sparse.InstructionSet, sparse.Nonzeros, sparse.Weights));
        Assert.Equal(_layer.Plan.Throughput.Kernel, sparse.Forward.Kernel);
        Assert.Contains("runs sparse", sparse.Forward.Reason, StringComparison.Ordinal);
        Assert.Contains("runs sparse", sparse.InputGradient!.Reason, StringComparison.Ordinal);
        Assert.Equal("SampledCsrScalar", sparse.WeightGradient.Kernel);

        var declared = new Dense_37To53().Layer;
        declared.SetWeights(new float[53 * 37], new float[53]);
        var dense = new TrainableLinear(declared).Plan;
        Assert.Equal("the layer is declared dense", dense.Forward.Reason);
        Assert.Equal("the layer is declared dense", dense.InputGradient!.Reason);
        Assert.Equal(1, dense.Density);
    }

    [Fact]
    public void A_layer_that_the_build_emitted_no_gradients_for_says_what_to_do()
    {
        var layer = new Linear(_layer.Descriptor, _layer.SparseKernels, _layer.DenseKernels);
        var e = Assert.Throws<InvalidOperationException>(() => new TrainableLinear(layer));
        Assert.Contains("'Layer'", e.Message, StringComparison.Ordinal);
        Assert.Contains("[SparseModel(Training = true)]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_without_weights_says_so()
        => Assert.Contains("SetWeights", Assert.Throws<InvalidOperationException>(() => new TrainableLinear(new Unstructured_37To53().Layer)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(73, 106, "input")]
    [InlineData(74, 105, "output")]
    public void Forward_checks_lengths(int inputs, int outputs, string parameter)
    {
        var trainable = new TrainableLinear(_layer);
        var e = Assert.Throws<ArgumentException>(() => trainable.Forward(new float[inputs], new float[outputs], 2));
        Assert.Equal(parameter, e.ParamName);
        Assert.Contains("'Layer'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_check_lengths()
    {
        var trainable = new TrainableLinear(_layer);
        var nonzeros = trainable.Nonzeros;
        Assert.Throws<ArgumentException>("gradient", () => trainable.InputGradient(new float[105], new float[74], 2));
        Assert.Throws<ArgumentException>("inputGradient", () => trainable.InputGradient(new float[106], new float[73], 2));
        Assert.Throws<ArgumentException>("input", () => trainable.WeightGradient(new float[73], new float[106], new float[nonzeros], new float[53], 2));
        Assert.Throws<ArgumentException>("valueGradient", () => trainable.WeightGradient(new float[74], new float[106], new float[nonzeros - 1], new float[53], 2));
        Assert.Throws<ArgumentException>("biasGradient", () => trainable.WeightGradient(new float[74], new float[106], new float[nonzeros], new float[52], 2));
        Assert.Throws<ArgumentException>("values", () => trainable.SetValues(new float[nonzeros + 1], new float[53]));
        Assert.Throws<ArgumentException>("bias", () => trainable.Store(new float[nonzeros], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainable.Forward([], [], -1));
    }

    [Fact]
    public void What_is_written_must_not_overlap_what_is_read()
    {
        var trainable = new TrainableLinear(_layer);
        var memory = new float[200];
        Assert.Throws<ArgumentException>("output", () => trainable.Forward(memory.AsSpan(0, 37), memory.AsSpan(36, 53), 1));
        Assert.Throws<ArgumentException>("inputGradient", () => trainable.InputGradient(memory.AsSpan(0, 53), memory.AsSpan(52, 37), 1));
        Assert.Throws<ArgumentException>("biasGradient", () => trainable.WeightGradient(new float[37], memory.AsSpan(0, 53), new float[trainable.Nonzeros], memory.AsSpan(52, 53), 1));
    }

    [Fact]
    public void An_empty_batch_has_zero_gradients()
    {
        var trainable = new TrainableLinear(_layer);
        var (values, bias) = (Enumerable.Repeat(1f, trainable.Nonzeros).ToArray(), Enumerable.Repeat(1f, 53).ToArray());
        trainable.Forward([], [], 0);
        trainable.InputGradient([], [], 0);
        trainable.WeightGradient([], [], values, bias, 0);
        Assert.All(values.Concat(bias), value => Assert.Equal(0, value));
    }
}
