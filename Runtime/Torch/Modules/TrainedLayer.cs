using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>A layer of a <see cref="SparseModule"/>: y = activation(x W^T + b), with pruned weights that neither contribute nor get a gradient.</summary>
public abstract class TrainedLayer : nn.Module<Tensor, Tensor>
{
    private protected TrainedLayer(LayerDescriptor layer)
        : base(layer.Name) => Layer = layer;

    /// <summary>The layer as declared.</summary>
    public LayerDescriptor Layer { get; }

    // Looked up each time: a move to another device or type replaces them.

    /// <summary>What is trained beside the bias: a <see cref="MaskedLinear"/>'s weights [out, in], or a <see cref="SparseLinear"/>'s values [capacity].</summary>
    public abstract Parameter Weight { get; }

    /// <summary>The bias [out], or null where the layer has none.</summary>
    public Parameter? Bias => Layer.Bias ? get_parameter("bias") : null;

    /// <summary>Number of weights that are not pruned.</summary>
    public abstract long ActiveCount { get; }

    /// <summary>The fraction of weights that are pruned.</summary>
    public double Sparsity => 1 - ((double)ActiveCount / Layer.WeightCount);

    /// <summary>Whether the layer has a sparsity pattern; without one all weights stay active.</summary>
    internal bool HasPattern => Layer.Pattern is not DensePattern;

    /// <summary>The mask, row-major [out, in].</summary>
    internal abstract bool[] ReadMask();

    /// <summary>The weights, row-major [out, in]; in place of pruned ones, whatever is there.</summary>
    internal abstract float[] ReadWeights();

    /// <summary>Replaces weights and mask, as if the layer were new.</summary>
    /// <param name="weights">Row-major [out, in].</param>
    /// <param name="mask">Row-major [out, in].</param>
    internal abstract void Write(float[] weights, bool[] mask);

    /// <summary>Changes the mask of a layer in training; weights that become active are 0, and so is what belongs to them.</summary>
    /// <param name="mask">Row-major [out, in].</param>
    /// <param name="memory">An optimiser's tensors of the weights' shape.</param>
    internal abstract void ChangeMask(bool[] mask, IEnumerable<Tensor> memory);
}
