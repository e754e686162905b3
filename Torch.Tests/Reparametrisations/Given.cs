using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Reparametrisations;

/// <summary>A module of one layer, for formulas.</summary>
internal static class Given
{
    /// <summary>A layer whose weights are random, all of them active.</summary>
    public static MaskedLinear Layer(SparsityPattern pattern, int rows, int columns, int seed)
    {
        var module = new SparseModule(Models.Single(Models.Layer("Fc1", columns, rows, pattern)), seed);
        Values.Set(module.Masked(0), Values.Random(seed, rows * columns), [.. Enumerable.Repeat(true, rows * columns)], Values.Random(seed + 1, rows));
        return module.Masked(0);
    }

    /// <summary>The gradient of a weighted sum of what a layer computes with.</summary>
    public static float[] Gradient(Reparametrisation method, float[] weights, float[] factors, long rows)
    {
        using var scope = NewDisposeScope();
        var weight = Values.AsTensor(weights, rows, weights.Length / rows).requires_grad_();
        (method.Effective(weight) * Values.AsTensor(factors, weight.shape)).sum().backward();
        return Values.Of(weight.grad!);
    }
}
