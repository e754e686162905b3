using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers;

/// <summary>A sparse tensor of TorchSharp (coordinates, sorted) times a dense one.</summary>
internal sealed class TorchSparse : Peer
{
    public override string Name => "TorchSharp sparse";

    public override bool IsDense => false;

    public override IPreparedProduct Prepare(Product product)
    {
        TorchThreads.UseOne();
        return new Prepared(product);
    }

    private sealed class Prepared : IPreparedProduct
    {
        private readonly Tensor _w;
        private readonly Tensor _x;
        private readonly Tensor _y;

        public Prepared(Product product)
        {
            using var dense = tensor(product.W, [product.M, product.K]);
            _w = dense.to_sparse();
            _x = tensor(product.X, [product.K, product.N]);
            _y = zeros(product.M, product.N);
        }

        public void Run()
        {
            using var inference = no_grad();
            using var result = mm(_w, _x);
            _y.copy_(result);
        }

        public float[] Result() => _y.data<float>().ToArray();

        public void Dispose()
        {
            _w.Dispose();
            _x.Dispose();
            _y.Dispose();
        }
    }
}
