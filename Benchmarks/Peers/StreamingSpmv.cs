using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// A plain dense product of one sample: a few rows at a time stream past the activations. The simplest loop that is bound by reading the
/// weights, so what dense can reach.
/// </summary>
internal sealed unsafe class StreamingSpmv(int rows) : Peer
{
    public override string Name => $"streaming loop, {rows} rows";

    public override bool IsDense => true;

    public override string? Missing => Vector512.IsHardwareAccelerated || Vector256.IsHardwareAccelerated ? null : "the processor has no vectors of 256 bits";

    public override bool Takes(Product product) => product.N == 1 && product.M % rows == 0 && product.K % 16 == 0;

    public override IPreparedProduct Prepare(Product product) => new Prepared(product, rows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRows(float* w, float* x, float* y, int m, int k)
    {
        for (var row = 0; row < m; row += 2, w += 2 * k)
        {
            Vector512<float> sum0 = default, sum1 = default;
            for (var column = 0; column < k; column += 16)
            {
                var activations = Vector512.Load(x + column);
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(w + column), activations, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Load(w + k + column), activations, sum1);
            }

            y[row] = Vector512.Sum(sum0);
            y[row + 1] = Vector512.Sum(sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows(float* w, float* x, float* y, int m, int k)
    {
        for (var row = 0; row < m; row += 8, w += 8 * k)
        {
            Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            Vector512<float> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
            for (var column = 0; column < k; column += 16)
            {
                var activations = Vector512.Load(x + column);
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(w + column), activations, sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Load(w + k + column), activations, sum1);
                sum2 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (2 * k) + column), activations, sum2);
                sum3 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (3 * k) + column), activations, sum3);
                sum4 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (4 * k) + column), activations, sum4);
                sum5 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (5 * k) + column), activations, sum5);
                sum6 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (6 * k) + column), activations, sum6);
                sum7 = Vector512.FusedMultiplyAdd(Vector512.Load(w + (7 * k) + column), activations, sum7);
            }

            y[row] = Vector512.Sum(sum0);
            y[row + 1] = Vector512.Sum(sum1);
            y[row + 2] = Vector512.Sum(sum2);
            y[row + 3] = Vector512.Sum(sum3);
            y[row + 4] = Vector512.Sum(sum4);
            y[row + 5] = Vector512.Sum(sum5);
            y[row + 6] = Vector512.Sum(sum6);
            y[row + 7] = Vector512.Sum(sum7);
        }
    }

    private sealed class Prepared(Product product, int rows) : IPreparedProduct
    {
        private readonly NativeFloats _w = new(product.W);
        private readonly NativeFloats _x = new(product.X);
        private readonly NativeFloats _y = new(product.M);

        public void Run()
        {
            if (rows == 8)
            {
                EightRows(_w.Pointer, _x.Pointer, _y.Pointer, product.M, product.K);
            }
            else
            {
                TwoRows(_w.Pointer, _x.Pointer, _y.Pointer, product.M, product.K);
            }
        }

        public float[] Result() => _y.Span.ToArray();
    }
}
