using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>Whole models whose inputs changed places.</summary>
public sealed class ModelPermutationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_biases_and_columns_go_to_their_places_bit_for_bit()
    {
        var model = Given.Model(
            null, Given.Layer("Fc1", 3, 2, new DensePattern()), Given.Layer("Fc2", 2, 2, new DensePattern()));
        ReadOnlyMemory<float>[] weights = [new float[] { 11, 12, 13, 21, 22, 23 }, new float[] { 31, 32, 41, 42 }];
        ReadOnlyMemory<float>[] biases = [new float[] { 1, 2 }, new float[] { 3, 4 }];

        var permuted = ModelPermutation.Apply(model, weights, biases, [[2, 0, 1], [1, 0]]);

        Assert.Equal([23, 21, 22, 13, 11, 12], permuted.Weights[0]);
        Assert.Equal([2, 1], permuted.Biases[0]);
        Assert.Equal([32, 31, 42, 41], permuted.Weights[1]);
        Assert.Equal([3, 4], permuted.Biases[1]);
    }

    [Fact]
    public void Only_NM_layers_ask_for_an_order_and_each_keeps_no_less() => ForAll.Seeds(60, random =>
    {
        var model = RandomChain(random);
        var (weights, biases) = Parameters(random, model);

        var permuted = ModelPermutation.Permute(model, weights, biases, search: new PermutationSearch { Escapes = 2 }, cancellation: Token);

        for (var i = 0; i < model.Layers.Count; i++)
        {
            var (layer, order) = (model.Layers[i], permuted.Orders[i]);
            int[] outputs = i + 1 < model.Layers.Count ? permuted.Orders[i + 1] : [.. Enumerable.Range(0, layer.OutFeatures)];
            for (var at = 0; at < layer.WeightCount; at++)
            {
                var (row, column) = Math.DivRem(at, layer.InFeatures);
                Assert.Equal(weights[i].Span[(outputs[row] * layer.InFeatures) + order[column]], permuted.Weights[i][at]);
            }

            if (layer.Pattern is NMPattern p)
            {
                Assert.True(Magnitude(permuted.Weights[i], layer, p) >= Magnitude(weights[i].Span, layer, p) * (1 - 1e-6));
            }
            else
            {
                Assert.Equal(Enumerable.Range(0, layer.InFeatures), order);
            }
        }
    });

    [Fact]
    public void Emitted_kernels_compute_the_same_function()
    {
        const int Batch = 70;
        var random = new Random(6);
        var model = PermutedChain.Descriptor;
        var (weights, biases) = Parameters(random, model);
        var input = Given.Weights(random, Batch * model.InFeatures);
        var expected = new float[Batch * model.OutFeatures];
        var dense = new DenseChain();
        for (var i = 0; i < weights.Length; i++)
        {
            dense.Layers[i].SetWeights(weights[i].Span, biases[i].Span);
        }

        dense.Forward(input, expected, Batch);

        var permuted = ModelPermutation.Permute(model, weights, biases, cancellation: Token);
        for (var i = 0; i < weights.Length; i++)
        {
            dense.Layers[i].SetWeights(permuted.Weights[i], permuted.Biases[i]);
        }

        var (ordered, actual) = (new float[input.Length], new float[expected.Length]);
        InputOrder.Apply(input, permuted.Orders[0], ordered);
        dense.Forward(ordered, actual, Batch);

        Assert.NotEqual(Enumerable.Range(0, model.InFeatures), permuted.Orders[0]);
        Assert.NotEqual(Enumerable.Range(0, model.Layers[1].InFeatures), permuted.Orders[1]);
        Assert.All(actual, (value, i) => Assert.Equal(expected[i], value, 1e-5f));
    }

    [Fact]
    public void A_permuted_model_is_pruned_and_loaded_as_any_other()
    {
        var model = PermutedChain.Descriptor;
        var (weights, biases) = Parameters(new Random(7), model);
        var permuted = ModelPermutation.Permute(model, weights, biases, cancellation: Token);

        var masks = ModelPruner.PruneNow(model, Given.Memories([.. permuted.Weights]));

        var sparse = new PermutedChain();
        for (var i = 0; i < masks.Length; i++)
        {
            sparse.Layers[i].SetWeights(permuted.Weights[i], permuted.Biases[i], masks[i]);
        }

        Assert.All(sparse.Layers, layer => Assert.True(layer.HasWeights));
    }

    [Fact]
    public void What_does_not_fit_names_the_layer()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 4, 2, new NMPattern(2, 4)), Given.Layer("Fc2", 2, 2, new DensePattern()));
        ReadOnlyMemory<float>[] weights = [new float[8], new float[4]];
        ReadOnlyMemory<float>[] biases = [new float[2], new float[2]];

        Fails(() => ModelPermutation.Permute(model, weights, [biases[0]], cancellation: Token), "'Mlp'", "2 layers");
        Fails(() => ModelPermutation.Permute(model, [new float[7], weights[1]], biases, cancellation: Token), "'Fc1'", "2 x 4", "7");
        Fails(() => ModelPermutation.Permute(model, [new float[] { 1, float.NaN, 3, 4, 5, 6, 7, 8 }, weights[1]], biases, cancellation: Token), "'Fc1'", "NaN");
        Fails(() => ModelPermutation.Apply(model, weights, biases, [[0, 1, 2, 3], [1, 1]]), "'Fc2'");
        Fails(() => ModelPermutation.Apply(model, weights, biases, [[0, 1, 2, 3]]), "'Mlp'");
    }

    private static void Fails(Action action, params string[] parts)
    {
        var error = Assert.Throws<ArgumentException>(action);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static double Magnitude(ReadOnlySpan<float> weights, LayerDescriptor layer, NMPattern pattern)
        => NMPermutation.Kept(weights.ToArray().Select(Math.Abs).ToArray(), layer.InFeatures, pattern.N, pattern.M);

    private static ModelDescriptor RandomChain(Random random)
    {
        var sizes = Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(1, 20)).ToArray();
        return Given.Model(null, [.. sizes.Zip(sizes[1..], (inputs, outputs) => Given.Layer($"Fc{inputs}", inputs, outputs, Given.RandomPattern(random)))]);
    }

    private static (ReadOnlyMemory<float>[] Weights, ReadOnlyMemory<float>[] Biases) Parameters(Random random, ModelDescriptor model)
    {
        ReadOnlyMemory<float> Some(long count) => Enumerable.Range(0, (int)count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        return (
            [.. model.Layers.Select(layer => Some(layer.WeightCount))],
            [.. model.Layers.Select(layer => Some(layer.Bias ? layer.OutFeatures : 0))]);
    }
}

[SparseModel]
internal sealed partial class PermutedChain
{
    [Linear(37, 30, Activation = Activation.Gelu), NM(2, 4)]
    public partial Linear Fc1 { get; }

    [Linear(30, 24, Activation = Activation.LeakyRelu, Bias = false), NM(1, 8)]
    public partial Linear Fc2 { get; }

    [Linear(24, 10, Activation = Activation.Tanh), Block(4, 4, Sparsity = 0.5)]
    public partial Linear Fc3 { get; }

    [Linear(10, 6), NM(3, 5)]
    public partial Linear Fc4 { get; }
}

[SparseModel]
internal sealed partial class DenseChain
{
    [Linear(37, 30, Activation = Activation.Gelu)]
    public partial Linear Fc1 { get; }

    [Linear(30, 24, Activation = Activation.LeakyRelu, Bias = false)]
    public partial Linear Fc2 { get; }

    [Linear(24, 10, Activation = Activation.Tanh)]
    public partial Linear Fc3 { get; }

    [Linear(10, 6)]
    public partial Linear Fc4 { get; }
}
