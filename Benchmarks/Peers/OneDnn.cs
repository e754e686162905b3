using System.Runtime.InteropServices;

namespace KernelGen.Benchmarks.Peers;

/// <summary>
/// oneDNN's <c>dnnl_sgemm</c>, from Debian's libdnnl2. Feature-major it computes Y = W X; row-major it computes Y^T = X^T W^T with W^T
/// laid out ahead, which suits a single sample.
/// </summary>
internal sealed unsafe partial class OneDnn(bool rowMajor) : Peer
{
    private const string Library = "libdnnl.so.2";
    private const string OpenMp = "libgomp.so.1";

    public override string Name => rowMajor ? "oneDNN, row-major" : "oneDNN";

    public override bool IsDense => true;

    public override string? Missing
        => NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} isn't installed: apt-get install libdnnl-dev";

    public override IPreparedProduct Prepare(Product product)
    {
        // A thread's own setting, which the environment could only give before the process starts.
        SetThreads(1);
        return new Prepared(product, rowMajor);
    }

    [LibraryImport(Library, EntryPoint = "dnnl_sgemm")]
    private static partial int Sgemm(
        byte transposeA, byte transposeB, long m, long n, long k,
        float alpha, float* a, long lda, float* b, long ldb, float beta, float* c, long ldc);

    [LibraryImport(OpenMp, EntryPoint = "omp_set_num_threads")]
    private static partial void SetThreads(int count);

    private sealed class Prepared(Product product, bool rowMajor) : IPreparedProduct
    {
        private readonly NativeFloats _a = new(rowMajor ? product.TransposedX() : product.W);
        private readonly NativeFloats _b = new(rowMajor ? product.TransposedW() : product.X);
        private readonly NativeFloats _c = new(product.M * product.N);
        private readonly int _rows = rowMajor ? product.N : product.M;
        private readonly int _columns = rowMajor ? product.M : product.N;

        public void Run()
        {
            var status = Sgemm(
                (byte)'N', (byte)'N', _rows, _columns, product.K,
                1, _a.Pointer, product.K, _b.Pointer, _columns, 0, _c.Pointer, _columns);
            if (status != 0)
            {
                throw new InvalidOperationException($"dnnl_sgemm failed with status {status}.");
            }
        }

        public float[] Result() => rowMajor ? Product.Transpose(_c.Span.ToArray(), product.N, product.M) : _c.Span.ToArray();
    }
}
