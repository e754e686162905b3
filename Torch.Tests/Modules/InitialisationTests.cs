using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Modules;

public sealed class InitialisationTests
{
    [Fact]
    public void Equal_seeds_give_equal_weights_and_leave_the_global_generator_alone()
    {
        manual_seed(11);
        using var expected = rand(4);
        manual_seed(11);

        using var first = new SparseModule(Models.AllPatterns(), seed: 42);
        using var second = new SparseModule(Models.AllPatterns(), seed: 42);
        using var other = new SparseModule(Models.AllPatterns(), seed: 43);

        using var actual = rand(4);
        Assert.Equal(Values.Of(expected), Values.Of(actual));
        for (var i = 0; i < first.Layers.Count; i++)
        {
            Assert.Equal(Values.Of(first.Layers[i].Weight), Values.Of(second.Layers[i].Weight));
            Assert.Equal(Values.Of(first.Layers[i].Bias!), Values.Of(second.Layers[i].Bias!));
            Assert.NotEqual(Values.Of(first.Layers[i].Weight), Values.Of(other.Layers[i].Weight));
        }
    }

    [Fact]
    public void Without_a_seed_the_global_generator_decides()
    {
        manual_seed(5);
        using var first = new SparseModule(Models.AllPatterns());
        manual_seed(5);
        using var second = new SparseModule(Models.AllPatterns());

        Assert.Equal(Values.Of(first.Layers[0].Weight), Values.Of(second.Layers[0].Weight));
    }

    [Fact]
    public void Weights_and_biases_are_uniform_within_the_inverse_root_of_the_inputs()
    {
        using var module = new SparseModule(Models.Single(Models.Layer("Fc1", 400, 300, new UnstructuredPattern(0.9))), seed: 1);

        foreach (var values in new[] { Values.Of(module.Layers[0].Weight), Values.Of(module.Layers[0].Bias!) })
        {
            Assert.InRange(values.Min(), -0.05f, -0.048f);
            Assert.InRange(values.Max(), 0.048f, 0.05f);
            Assert.InRange(values.Average(), -0.005f, 0.005f);
        }

        // The variance of a uniform distribution within +-b is b^2 / 3.
        var weights = Values.Of(module.Layers[0].Weight);
        Assert.Equal(0.0025 / 3, weights.Average(w => (double)w * w), 1e-5);
    }

    [Fact]
    public void Every_weight_is_active_at_first()
    {
        using var module = new SparseModule(Models.AllPatterns());

        Assert.All(module.Layers, layer => Assert.Equal(0, layer.Sparsity));
        Assert.Null(module.Masked(3).Mask);
        Assert.Null(new SparseModule(Models.Single(Models.Layer("Fc1", 2, 2, new DensePattern(), bias: false))).Layers[0].Bias);
    }
}
