using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Gradients of every pattern and activation, against the exact mode in 32 bits and in 64.</summary>
public sealed class SparseGradientTests
{
    public static TheoryData<InstructionSet, int> Cases
        => [.. from set in Enum.GetValues<InstructionSet>() where Isa.IsSupported(set) from batch in new[] { 1, 7, 64, 128, 200 } select (set, batch)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_pattern(InstructionSet set, int batch) => Check<ManyPatterns>(set, batch);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_activation(InstructionSet set, int batch) => Check<ManyActivations>(set, batch);

    [Fact]
    public void A_module_begins_with_every_weight_active_and_equal_in_both_modes()
    {
        using var exact = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 3);
        using var sparse = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 3);
        using var input = Values.AsTensor(Values.Random(4, 9 * 20), 9, 20);
        Assert.All(sparse.Layers, layer => Assert.Equal(0, layer.Sparsity));
        Gradients.AssertClose(Gradients.Of(exact, input, ones(5)), Gradients.Of(sparse, input, ones(5)), "seed 3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_gradient_has_a_gradient(bool activations)
    {
        using var exact = Create(TrainingMode.Exact);
        using var sparse = Create(TrainingMode.Sparse);
        var expected = Penalty(exact);
        var actual = Penalty(sparse);
        Gradients.AssertClose(expected, actual, "seed 5");

        SparseModule Create(TrainingMode mode) => activations
            ? SparseModule.For<ManyActivations>(mode, 5, RandomMasks.Create(ManyActivations.Descriptor, 6))
            : SparseModule.For<ManyPatterns>(mode, 5, RandomMasks.Create(ManyPatterns.Descriptor, 6));

        static Dictionary<string, double[]> Penalty(SparseModule module)
        {
            using var scope = NewDisposeScope();
            var x = Values.AsTensor(Values.Random(7, 6 * 20), 6, 20).requires_grad_();
            var gradients = autograd.grad([module.call(x).square().sum()], [x, module.Layers[3].Bias!], retain_graph: true, create_graph: true);
            (gradients[0].square().sum() + gradients[1].square().sum()).backward();
            return new Dictionary<string, double[]>
            {
                ["first"] = TensorData.Read<double>(gradients[0], ScalarType.Float64),
                ["first of bias"] = TensorData.Read<double>(gradients[1], ScalarType.Float64),
                ["input"] = TensorData.Read<double>(x.grad!, ScalarType.Float64),
                ["bias"] = TensorData.Read<double>(module.Layers[3].Bias!.grad!, ScalarType.Float64),
            };
        }
    }

    private static void Check<TModel>(InstructionSet set, int batch)
        where TModel : ISparseModel, new()
    {
        using var isa = Isa.Override(set);
        var seed = batch + (1000 * (int)set);
        var masks = RandomMasks.Create(TModel.Descriptor, seed);
        using var input = Values.AsTensor(Values.Random(seed + 1, batch * 20), batch, 20);
        using var weights = Values.AsTensor(Values.Random(seed + 2, batch * 5), batch, 5);
        using var exact = SparseModule.For<TModel>(TrainingMode.Exact, seed, masks);
        using var sparse = SparseModule.For<TModel>(TrainingMode.Sparse, seed, masks);
        var actual = Gradients.Of(sparse, input, weights);
        Gradients.AssertClose(Gradients.Of(exact, input, weights), actual, $"seed {seed}, in 32 bits");

        exact.to(ScalarType.Float64);
        Gradients.AssertClose(Gradients.Of(exact, input.to(ScalarType.Float64), weights.to(ScalarType.Float64)), actual, $"seed {seed}, in 64 bits");
    }
}
