using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Modules;

public sealed class ModelTransferTests
{
    [Fact]
    public void Weights_masks_and_biases_arrive_bit_for_bit()
    {
        using var module = Pruned(seed: 1);
        // An active weight of 0 stays active.
        var regrown = Array.IndexOf(Values.OfMask(module.Masked(0).Mask!), true);
        using (no_grad())
        {
            module.Layers[0].Weight.view(-1)[regrown] = (Tensor)0f;
        }

        var model = new FakeModel();
        module.CopyTo(model);

        for (var i = 0; i < model.Layers.Count; i++)
        {
            var (weights, bias, mask) = Read(model.Layers[i]);
            Assert.Equal(Values.Of(module.Layers[i].Weight), weights);
            Assert.Equal(Values.Of(module.Layers[i].Bias!), bias);
            Assert.Equal(module.Masked(i).Mask is { } m ? Values.OfMask(m) : [.. mask.Select(_ => true)], mask);
        }
    }

    [Fact]
    public void There_and_back_again()
    {
        using var module = Pruned(seed: 1);
        var model = new FakeModel();
        module.CopyTo(model);
        using var other = SparseModule.For<FakeModel>(seed: 2);

        other.CopyFrom(model);

        var expected = module.state_dict();
        foreach (var (name, tensor) in other.state_dict())
        {
            Assert.True(tensor.equal(expected[name]).all().item<bool>(), name);
        }

        Assert.True(other.Layers[0].Weight.requires_grad);
    }

    [Fact]
    public void A_module_of_another_type_arrives_as_float()
    {
        using var module = Pruned(seed: 1);
        var before = Values.Of(module.Layers[2].Weight);
        module.to(ScalarType.Float64);
        var model = new FakeModel();

        module.CopyTo(model);

        Assert.Equal(before, Read(model.Layers[2]).Weights);
    }

    [Fact]
    public void A_mask_that_breaks_its_pattern_leaves_the_whole_model_as_it_was()
    {
        using var module = Pruned(seed: 1);
        var model = new FakeModel();
        module.CopyTo(model);
        var before = model.Layers.Select(Read).ToArray();
        using var dense = SparseModule.For<FakeModel>(seed: 3);

        var error = Assert.Throws<ArgumentException>(() => dense.CopyTo(model));

        Assert.Contains("Fc2", error.Message, StringComparison.Ordinal);
        Assert.Contains("copy after the Pruner's last update", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PruneNow", error.Message, StringComparison.Ordinal);
        for (var i = 0; i < before.Length; i++)
        {
            var (weights, bias, mask) = Read(model.Layers[i]);
            Assert.Equal(before[i].Weights, weights);
            Assert.Equal(before[i].Bias, bias);
            Assert.Equal(before[i].Mask, mask);
        }
    }

    [Fact]
    public void A_model_without_weights_is_an_error_and_leaves_the_module_as_it_was()
    {
        using var module = SparseModule.For<FakeModel>(seed: 1);
        using var same = SparseModule.For<FakeModel>(seed: 1);
        var model = new FakeModel();
        model.Layers[0].SetWeights(new float[640], new float[32]);

        var error = Assert.Throws<InvalidOperationException>(() => module.CopyFrom(model));

        Assert.Contains("Fc2", error.Message, StringComparison.Ordinal);
        Assert.Equal(Values.Of(same.Layers[0].Weight), Values.Of(module.Layers[0].Weight));
    }

    [Fact]
    public void Layers_that_differ_are_named_with_the_difference()
    {
        using var module = SparseModule.For<FakeModel>(seed: 1);
        var layers = FakeModel.Descriptor.Layers;
        LayerDescriptor[] others =
        [
            layers[1] with { Name = "Other" }, layers[1] with { InFeatures = 33 }, layers[1] with { OutFeatures = 25 },
            layers[1] with { Bias = false }, layers[1] with { Activation = Activation.Relu }, layers[1] with { Pattern = new NMPattern(1, 4) },
        ];

        foreach (var other in others)
        {
            var model = new FakeModel(FakeModel.Descriptor with { Layers = [layers[0], other, layers[2], layers[3]] });
            var error = Assert.Throws<ArgumentException>(() => module.CopyTo(model));
            Assert.Contains("Layer 1 differs", error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => module.CopyFrom(model));
        }

        var shorter = new FakeModel(FakeModel.Descriptor with { Layers = [layers[0]] });
        Assert.Contains("4 layers", Assert.Throws<ArgumentException>(() => module.CopyTo(shorter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sparsity_that_a_layer_is_on_its_way_to_may_differ()
    {
        using var module = Pruned(seed: 1);
        var layers = FakeModel.Descriptor.Layers;
        var model = new FakeModel(
            FakeModel.Descriptor with { Layers = [layers[0] with { Pattern = new UnstructuredPattern(0.5) }, layers[1], layers[2], layers[3]] });

        module.CopyTo(model);

        Assert.True(model.Layers[0].HasWeights);
    }

    private static SparseModule Pruned(int seed)
    {
        var module = SparseModule.For<FakeModel>(seed);
        var weights = module.Layers.Select(layer => new ReadOnlyMemory<float>(Values.Of(layer.Weight))).ToArray();
        var masks = ModelPruner.PruneNow(module.Model, weights);
        for (var i = 0; i < masks.Length; i++)
        {
            module.Masked(i).Mask?.copy_(from_array(masks[i]).reshape(module.Masked(i).Mask!.shape));
            module.Masked(i).ZeroPruned();
        }

        return module;
    }

    private static (float[] Weights, float[] Bias, bool[] Mask) Read(Linear layer)
    {
        var weights = new float[layer.Descriptor.WeightCount];
        var bias = new float[layer.OutFeatures];
        var mask = new bool[weights.Length];
        layer.GetWeights(weights);
        layer.GetBias(bias);
        layer.GetMask(mask);
        return (weights, bias, mask);
    }
}
