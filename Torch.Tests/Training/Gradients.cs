using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>What a backward pass gave, by name; a layer's weights at the mask alone, row by row.</summary>
internal static class Gradients
{
    /// <summary>Runs forward and backward passes, with random weights for the outputs.</summary>
    public static Dictionary<string, double[]> Of(SparseModule module, Tensor input, Tensor outputWeights)
    {
        module.zero_grad();
        using var scope = NewDisposeScope();
        var x = input.clone().requires_grad_();
        var output = module.call(x);
        (output * outputWeights).sum().backward();
        var gradients = new Dictionary<string, double[]>
        {
            ["output"] = Doubles(output),
            ["input"] = Doubles(x.grad!),
        };
        foreach (var layer in module.Layers)
        {
            var weights = Doubles(layer.Weight.grad!);
            var mask = layer.ReadMask();
            gradients[layer.Layer.Name] = layer is SparseLinear ? weights[..(int)layer.ActiveCount] : [.. weights.Where((_, i) => mask[i])];
            if (layer.Bias is { } bias)
            {
                gradients[layer.Layer.Name + ".bias"] = Doubles(bias.grad!);
            }
        }

        return gradients;
    }

    /// <summary>Holds gradients against others: to 1e-5 of the largest reference.</summary>
    public static void AssertClose(Dictionary<string, double[]> expected, Dictionary<string, double[]> actual, string context)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, reference) in expected)
        {
            Assert.Equal(reference.Length, actual[name].Length);
            var largest = reference.Max(Math.Abs);
            var worst = reference.Zip(actual[name], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(largest > 0 && worst <= 1e-5 * largest, $"{context}: {name} is off by {worst}; the largest is {largest}.");
        }
    }

    private static double[] Doubles(Tensor tensor) => TensorData.Read<double>(tensor, ScalarType.Float64);
}
