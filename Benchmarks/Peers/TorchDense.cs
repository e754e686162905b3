using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers;

/// <summary>TorchSharp's dense linear layer: MKL inside libtorch.</summary>
internal sealed class TorchDense : Peer
{
    public override string Name => "TorchSharp dense";

    public override bool IsDense => true;

    public override string? Missing => TorchThreads.Missing;

    public override IPreparedProduct Prepare(Product product)
    {
        TorchThreads.UseOne();
        return new TorchProduct(
            tensor(product.W, [product.M, product.K]), tensor(product.TransposedX(), [product.N, product.K]), zeros(product.N, product.M),
            (w, x) => nn.functional.linear(x, w))
        {
            IsTransposed = true,
        };
    }
}
