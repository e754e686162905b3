using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests;

/// <summary>Random and read-out values for tests.</summary>
internal static class Values
{
    public static float[] Random(int seed, int count, float scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => scale * ((2 * random.NextSingle()) - 1))];
    }

    public static bool[] RandomMask(int seed, int count, double density)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < density)];
    }

    public static Tensor AsTensor(float[] values, params long[] shape) => from_array(values).reshape(shape).clone();

    public static float[] Of(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    public static bool[] OfMask(Tensor tensor) => tensor.contiguous().data<bool>().ToArray();

    public static void Set(MaskedLinear layer, float[] weights, bool[]? mask, float[]? bias)
    {
        using var withoutGradient = no_grad();
        layer.Weight.copy_(AsTensor(weights, layer.Weight.shape));
        layer.Bias?.copy_(AsTensor(bias!, layer.Bias.shape));
        layer.Mask?.copy_(from_array(mask!).reshape(layer.Mask.shape));
    }
}
