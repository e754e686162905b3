using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Modules;

public sealed class SparseModuleTests
{
    public static TheoryData<Activation> EveryActivation => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(EveryActivation))]
    public void A_layer_computes_what_the_oracle_does(Activation activation)
    {
        foreach (var (seed, inFeatures, outFeatures, batch, bias) in new[] { (1, 37, 13, 5, true), (2, 1, 1, 1, false), (3, 64, 50, 17, true) })
        {
            var layer = Models.Layer("Fc1", inFeatures, outFeatures, new UnstructuredPattern(0.7), activation, bias);
            using var module = new SparseModule(Models.Single(layer));
            var weights = Values.Random(seed, inFeatures * outFeatures, 2);
            var mask = Values.RandomMask(seed + 100, weights.Length, 0.3);
            var biases = bias ? Values.Random(seed + 200, outFeatures) : null;
            var input = Values.Random(seed + 300, batch * inFeatures, 2);
            Values.Set(module.Masked(0), weights, mask, biases);

            using var output = module.call(Values.AsTensor(input, batch, inFeatures));

            Assert.Equal([batch, outFeatures], output.shape);
            var expected = Oracle.Linear(layer, input, weights, mask, biases);
            var actual = Values.Of(output);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) < 2e-5, $"Seed {seed}, output {i}: {expected[i]} and {actual[i]}.");
            }
        }
    }

    [Fact]
    public void Layers_run_in_order()
    {
        var model = Models.AllPatterns();
        using var module = new SparseModule(model, seed: 5);
        var input = Values.Random(6, 7 * model.InFeatures);

        using var output = module.call(Values.AsTensor(input, 7, model.InFeatures));

        var expected = input;
        foreach (var layer in module.Layers)
        {
            expected = [.. Oracle.Linear(layer.Layer, expected, Values.Of(layer.Weight), null, Values.Of(layer.Bias!)).Select(x => (float)x)];
        }

        var actual = Values.Of(output);
        Assert.All(Enumerable.Range(0, actual.Length), i => Assert.Equal(expected[i], actual[i], 1e-5f));
    }

    [Fact]
    public void Pruned_weights_get_no_gradient_and_active_ones_get_the_exact_one()
    {
        var layer = Models.Layer("Fc1", 9, 4, new UnstructuredPattern(0.5));
        using var module = new SparseModule(Models.Single(layer));
        var mask = Values.RandomMask(8, 36, 0.5);
        var input = Values.Random(9, 6 * 9);
        Values.Set(module.Masked(0), Values.Random(7, 36), mask, new float[4]);

        using var loss = module.call(Values.AsTensor(input, 6, 9)).sum();
        loss.backward();

        // d sum(x W^T) / dW[r, c] = sum over the batch of x[., c].
        var gradient = Values.Of(module.Layers[0].Weight.grad!);
        for (var i = 0; i < gradient.Length; i++)
        {
            var expected = mask[i] ? Enumerable.Range(0, 6).Sum(sample => input[(sample * 9) + (i % 9)]) : 0;
            Assert.Equal(expected, gradient[i], 1e-5f);
        }
    }

    [Fact]
    public void An_infinite_gradient_leaves_pruned_weights_alone()
    {
        using var module = new SparseModule(Models.Single(Models.Layer("Fc1", 2, 1, new UnstructuredPattern(0.5))));
        Values.Set(module.Masked(0), [1, 0], [true, false], [0]);

        using var loss = module.call(Values.AsTensor([float.MaxValue, float.MaxValue], 1, 2)).mul(1e30f).sum();
        loss.backward();

        Assert.Equal(0, Values.Of(module.Layers[0].Weight.grad!)[1]);
    }

    [Fact]
    public void The_state_has_the_documented_names_and_survives_a_round_trip()
    {
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        module.Masked(0).Mask!.copy_(from_array(Values.RandomMask(2, 640, 0.2)).reshape(32, 20));
        using var other = new SparseModule(Models.AllPatterns(), seed: 2);

        var state = module.state_dict();
        other.load_state_dict(state);

        string[] names =
        [
            "Fc1.weight", "Fc1.bias", "Fc1.mask", "Fc2.weight", "Fc2.bias", "Fc2.mask",
            "Fc3.weight", "Fc3.bias", "Fc3.mask", "Fc4.weight", "Fc4.bias",
        ];
        Assert.Equal(names.Order(), state.Keys.Order());
        Assert.Equal(Values.OfMask(module.Masked(0).Mask!), Values.OfMask(other.Masked(0).Mask!));
        AssertSameOutput(module, other);
    }

    [Fact]
    public void A_saved_file_loads()
    {
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        module.Masked(1).Mask!.copy_(from_array(Values.RandomMask(2, 768, 0.2)).reshape(24, 32));
        using var other = new SparseModule(Models.AllPatterns(), seed: 2);
        using var stream = new MemoryStream();

        module.save(stream);
        using var copy = new MemoryStream(stream.ToArray());
        other.load(copy);

        Assert.Equal(Values.OfMask(module.Masked(1).Mask!), Values.OfMask(other.Masked(1).Mask!));
        AssertSameOutput(module, other);
    }

    [Fact]
    public void A_move_to_another_type_keeps_the_masks()
    {
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        var mask = Values.RandomMask(2, 640, 0.2);
        module.Masked(0).Mask!.copy_(from_array(mask).reshape(32, 20));

        module.to(ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, module.Layers[0].Weight.dtype);
        Assert.Equal(mask, Values.OfMask(module.Masked(0).Mask!));
        using var output = module.call(ones(3, 20, dtype: ScalarType.Float64));
        Assert.Equal(ScalarType.Float64, output.dtype);
    }

    [Fact]
    public void A_module_outlives_the_scope_it_was_created_in()
    {
        SparseModule module;
        using (NewDisposeScope())
        {
            module = new SparseModule(Models.AllPatterns(), seed: 1);
        }

        using (module)
        using (var output = module.call(ones(2, 20)))
        {
            Assert.Equal([2, 5], output.shape);
        }
    }

    [Fact]
    public void Wrong_input_names_the_layer_and_both_shapes()
    {
        using var module = new SparseModule(Models.AllPatterns());

        var shape = Assert.Throws<ArgumentException>(() => module.call(zeros(4, 21)));
        Assert.Contains("Fc1", shape.Message, StringComparison.Ordinal);
        Assert.Contains("[..., 20]", shape.Message, StringComparison.Ordinal);
        Assert.Contains("[4, 21]", shape.Message, StringComparison.Ordinal);
        var type = Assert.Throws<ArgumentException>(() => module.call(zeros(4, 20, dtype: ScalarType.Float64)));
        Assert.Contains("Float32", type.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SparseModule(new ModelDescriptor("Empty", [])));
    }

    [Fact]
    public void No_samples_and_extra_dimensions_are_fine()
    {
        using var module = new SparseModule(Models.AllPatterns());

        Assert.Equal([0, 5], module.call(zeros(0, 20)).shape);
        Assert.Equal([2, 3, 5], module.call(zeros(2, 3, 20)).shape);
        Assert.Equal([5], module.call(zeros(20)).shape);
    }

    private static void AssertSameOutput(SparseModule module, SparseModule other)
    {
        using var input = Values.AsTensor(Values.Random(3, 40), 2, 20);
        Assert.Equal(Values.Of(module.call(input)), Values.Of(other.call(input)));
    }
}
