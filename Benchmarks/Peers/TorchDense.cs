using KernelGen.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.Peers;

/// <summary>TorchSharp's dense linear layer: MKL inside libtorch.</summary>
internal sealed class TorchDense : Peer
{
    public override string Name => "TorchSharp dense";

    public override bool IsDense => true;

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
            _w = tensor(product.W, [product.M, product.K]);
            _x = tensor(product.TransposedX(), [product.N, product.K]);
            _y = zeros(product.N, product.M);
        }

        public void Run()
        {
            using var inference = no_grad();
            using var result = nn.functional.linear(_x, _w);
            _y.copy_(result);
        }

        public float[] Result()
        {
            using var result = _y.t().contiguous();
            return result.data<float>().ToArray();
        }

        public void Dispose()
        {
            _w.Dispose();
            _x.Dispose();
            _y.Dispose();
        }
    }
}
