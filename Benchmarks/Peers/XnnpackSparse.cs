using System.Runtime.InteropServices;

namespace KernelGen.Benchmarks.Peers;

/// <summary>XNNPACK's sparse 1x1 convolution over planes, from Debian's libxnnpack0: the inputs are channels, the samples pixels.</summary>
internal sealed unsafe partial class XnnpackSparse : Peer
{
    private const string Library = "libXNNPACK.so.0";

    public override string Name => "XNNPACK sparse";

    public override bool IsDense => false;

    public override string? Missing
        => NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} isn't installed: apt-get install libxnnpack-dev";

    public override IPreparedProduct Prepare(Product product)
    {
        Check(Initialize(null), "xnn_initialize");
        return new Prepared(product);
    }

    private static void Check(int status, string call)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"{call} failed with status {status}.");
        }
    }

    [LibraryImport(Library, EntryPoint = "xnn_initialize")]
    private static partial int Initialize(void* allocator);

    [LibraryImport(Library, EntryPoint = "xnn_create_convolution2d_nchw_f32")]
    private static partial int CreateConvolution(
        uint paddingTop, uint paddingRight, uint paddingBottom, uint paddingLeft, uint kernelHeight, uint kernelWidth,
        uint strideHeight, uint strideWidth, uint dilationHeight, uint dilationWidth, uint groups, nuint inputChannels,
        nuint outputChannels, nuint inputChannelStride, nuint outputChannelStride, float* kernel, float* bias,
        float outputMin, float outputMax, uint flags, out nint convolution);

    [LibraryImport(Library, EntryPoint = "xnn_setup_convolution2d_nchw_f32")]
    private static partial int SetUpConvolution(
        nint convolution, nuint batch, nuint height, nuint width, float* input, float* output, void* threads);

    [LibraryImport(Library, EntryPoint = "xnn_run_operator")]
    private static partial int RunOperator(nint convolution, void* threads);

    [LibraryImport(Library, EntryPoint = "xnn_delete_operator")]
    private static partial int DeleteOperator(nint convolution);

    private sealed class Prepared : IPreparedProduct
    {
        private readonly NativeFloats _w;
        private readonly NativeFloats _x;
        private readonly NativeFloats _y;
        private readonly nint _convolution;

        public Prepared(Product product)
        {
            _w = new NativeFloats(product.W);
            _x = new NativeFloats(product.X);
            _y = new NativeFloats(product.M * product.N);
            var (inputs, outputs) = ((nuint)product.K, (nuint)product.M);
            var status = CreateConvolution(
                0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, inputs, outputs, inputs, outputs, _w.Pointer, null,
                float.NegativeInfinity, float.PositiveInfinity, 0, out _convolution);
            Check(status, "xnn_create_convolution2d_nchw_f32");
            status = SetUpConvolution(_convolution, 1, 1, (nuint)product.N, _x.Pointer, _y.Pointer, null);
            Check(status, "xnn_setup_convolution2d_nchw_f32");
        }

        public void Run() => Check(RunOperator(_convolution, null), "xnn_run_operator");

        public float[] Result() => _y.Span.ToArray();

        public void Dispose() => Check(DeleteOperator(_convolution), "xnn_delete_operator");
    }
}
