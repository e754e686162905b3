using Microsoft.ML.OnnxRuntime;

namespace KernelGen.Benchmarks.Peers;

/// <summary>ONNX Runtime on one thread: a row-major batch times weights that it packs ahead.</summary>
internal sealed class OnnxRuntimeDense : Peer
{
    public override string Name => "ONNX Runtime";

    public override bool IsDense => true;

    public override IPreparedProduct Prepare(Product product) => new Prepared(product);

    private sealed class Prepared : IPreparedProduct
    {
        private static readonly string[] Inputs = [OnnxFile.Input];
        private static readonly string[] Outputs = [OnnxFile.Output];

        private readonly float[] _result;
        private readonly Product _product;
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly OrtValue[] _x;
        private readonly OrtValue[] _y;

        public Prepared(Product product)
        {
            _product = product;
            using var settings = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            _session = new InferenceSession(OnnxFile.Encode(product.N, [(product.TransposedW(), product.K, product.M)]), settings);
            _result = new float[product.M * product.N];
            _x = [OrtValue.CreateTensorValueFromMemory(product.TransposedX(), [product.N, product.K])];
            _y = [OrtValue.CreateTensorValueFromMemory(_result, [product.N, product.M])];
        }

        public void Run() => _session.Run(_options, Inputs, _x, Outputs, _y);

        public float[] Result() => Product.Transpose(_result, _product.N, _product.M);

        public void Dispose()
        {
            _x[0].Dispose();
            _y[0].Dispose();
            _options.Dispose();
            _session.Dispose();
        }
    }
}
