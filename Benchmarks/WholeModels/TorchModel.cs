using KernelGen.Benchmarks.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Benchmarks.WholeModels;

/// <summary>TorchSharp on one thread: dense linear layers and Relu, without gradients.</summary>
internal sealed class TorchModel : IWholeModel
{
    private readonly List<Tensor> _weights;
    private readonly Tensor _x;
    private readonly Tensor _y;

    public TorchModel(IReadOnlyList<Linear> layers, float[] input, int batch)
    {
        TorchThreads.UseOne();
        _weights = [.. layers.Select(Weights)];
        _x = tensor(input, [batch, layers[0].InFeatures]);
        _y = zeros(batch, layers[^1].OutFeatures);
    }

    public string Name => "TorchSharp";

    public void Run()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var x = _x;
        for (var i = 0; i < _weights.Count; i++)
        {
            x = nn.functional.linear(x, _weights[i]);
            x = i == _weights.Count - 1 ? x : x.relu_();
        }

        _y.copy_(x);
    }

    public float[] Result() => _y.data<float>().ToArray();

    public void Dispose()
    {
        _weights.ForEach(weights => weights.Dispose());
        _x.Dispose();
        _y.Dispose();
    }

    private static Tensor Weights(Linear layer)
    {
        var weights = new float[layer.OutFeatures * layer.InFeatures];
        layer.GetWeights(weights);
        return tensor(weights, [layer.OutFeatures, layer.InFeatures]);
    }
}
