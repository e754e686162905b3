using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>The declared activations as torch functions.</summary>
internal static class Activations
{
    /// <summary>Applies a layer's activation; for <see cref="Activation.None"/> the result is the input itself.</summary>
    public static Tensor Apply(LayerDescriptor layer, Tensor x) => layer.Activation switch
    {
        Activation.None => x,
        Activation.Relu => x.relu(),
        Activation.LeakyRelu => nn.functional.leaky_relu(x, layer.NegativeSlope),
        Activation.Gelu => x.gelu(TorchSharp.Modules.GELU.Approximate.none),
        Activation.GeluTanh => x.gelu(TorchSharp.Modules.GELU.Approximate.tanh),
        Activation.Sigmoid => x.sigmoid(),
        Activation.Tanh => x.tanh(),
        Activation.Silu => nn.functional.silu(x),
        _ => throw new ArgumentException($"Layer '{layer.Name}\': torch has no activation {layer.Activation}."),
    };
}
