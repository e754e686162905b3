using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers;

/// <summary>A product of two tensors, whose result is copied to a third: it owns all of them.</summary>
/// <param name="w">The weights.</param>
/// <param name="x">The activations.</param>
/// <param name="y">Receives the result.</param>
/// <param name="multiply">The product of weights and activations.</param>
internal sealed class TorchProduct(Tensor w, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> multiply) : IPreparedProduct
{
    /// <summary>Whether the result is [N, M].</summary>
    public bool IsTransposed { get; init; }

    public void Run()
    {
        using var inference = no_grad();
        using var result = multiply(w, x);
        y.copy_(result);
    }

    public float[] Result()
    {
        using var result = (IsTransposed ? y.t() : y.alias()).contiguous();
        return result.data<float>().ToArray();
    }

    public void Dispose()
    {
        w.Dispose();
        x.Dispose();
        y.Dispose();
    }
}
