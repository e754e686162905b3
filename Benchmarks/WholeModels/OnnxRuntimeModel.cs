using KernelGen.Benchmarks.Peers;
using Microsoft.ML.OnnxRuntime;

namespace KernelGen.Benchmarks.WholeModels;

/// <summary>ONNX Runtime on one thread, the whole model as one graph of dense products; input and output are bound ahead.</summary>
internal sealed class OnnxRuntimeModel : IWholeModel
{
    private readonly float[] _result;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _x;
    private readonly OrtValue _y;

    public OnnxRuntimeModel(IReadOnlyList<Linear> layers, float[] input, int batch)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxFile.Encode(batch, [.. layers.Select(Transposed)]), settings);
        _result = new float[batch * layers[^1].OutFeatures];
        _x = OrtValue.CreateTensorValueFromMemory(input, [batch, layers[0].InFeatures]);
        _y = OrtValue.CreateTensorValueFromMemory(_result, [batch, layers[^1].OutFeatures]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(OnnxFile.Input, _x);
        _binding.BindOutput(OnnxFile.Output, _y);
    }

    public string Name => "ONNX Runtime";

    public void Run() => _session.RunWithBinding(_options, _binding);

    public float[] Result() => _result;

    public void Dispose()
    {
        _binding.Dispose();
        _x.Dispose();
        _y.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    private static (float[] TransposedWeights, int K, int M) Transposed(Linear layer)
    {
        var weights = new float[layer.OutFeatures * layer.InFeatures];
        layer.GetWeights(weights);
        return (Product.Transpose(weights, layer.OutFeatures, layer.InFeatures), layer.InFeatures, layer.OutFeatures);
    }
}
