using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers;

/// <summary>A sparse tensor of TorchSharp (coordinates, sorted) times a dense one.</summary>
internal sealed class TorchSparse : Peer
{
    public override string Name => "TorchSharp sparse";

    public override bool IsDense => false;

    public override string? Missing => TorchThreads.Missing;

    public override IPreparedProduct Prepare(Product product)
    {
        TorchThreads.UseOne();
        using var dense = tensor(product.W, [product.M, product.K]);
        return new TorchProduct(dense.to_sparse(), tensor(product.X, [product.K, product.N]), zeros(product.M, product.N), mm);
    }
}
