using KernelGen.Formats;
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

    /// <summary>How many active weights the layer has room for.</summary>
    internal virtual long Room => Layer.WeightCount;

    /// <summary>The exponential mean of the dense gradient over the steps, row-major [out, in]; null where nothing needs it. Part of the state of a run.</summary>
    internal float[]? GradientMean { get; set; }

    /// <summary>Checks that a mask with so many active weights could be written.</summary>
    /// <exception cref="InvalidOperationException">The layer was created with room for fewer.</exception>
    internal virtual void ThrowIfNoRoom(int activeWeights)
    {
        // Dense weights have room for all.
    }

    /// <summary>The active weights, with their values; may be pooled, see <see cref="SparseMatrix.Return"/>.</summary>
    internal abstract SparseMatrix ReadActive();

    /// <summary>Changes the mask of a layer in training; weights that become active are 0, and so is what belongs to them.</summary>
    /// <param name="mask">Row-major [out, in].</param>
    /// <param name="memory">What an optimiser remembers of the weights.</param>
    /// <param name="packing">How it is packed, where it is: quickly unless it stays for long.</param>
    /// <param name="former">The mask until now, for whoever has it at hand.</param>
    internal abstract void ChangeMask(SparseMatrix mask, LayerMemory memory, Packing packing = Packing.Quick, SparseMatrix? former = null);

    /// <summary>How the mask is packed; it decides in which order sums run, so that it belongs to the state of a run.</summary>
    internal virtual Packing Packing => default;

    /// <summary>Packs the present mask anew, where it is packed otherwise.</summary>
    internal virtual void Repack(Packing packing)
    {
        // Nothing is packed.
    }

    /// <summary>Overwrites the weights; the mask stays.</summary>
    /// <param name="weights">Row-major [out, in].</param>
    internal abstract void WriteWeights(float[] weights);

    /// <summary>The active weights as a tensor through which gradients reach them; in place of pruned ones 0.</summary>
    internal abstract Tensor ActiveWeight();

    /// <summary>A proximal step of the group lasso: each group shrinks to w_G max(0, 1 - step sqrt|G| / ||w_G||).</summary>
    internal abstract void ShrinkGroups(WeightUnits units, double step);

    /// <summary>After an optimiser's step: pruned weights are 0, and so is what is remembered of them.</summary>
    /// <param name="memory">The optimiser's tensors of the weights' shape.</param>
    internal abstract void ForgetPruned(IEnumerable<Tensor> memory);

    /// <summary>Keeps what the dense gradient needs of the backward passes from now on, or forgets it.</summary>
    internal abstract void KeepBatches(bool keep);

    /// <summary>Computes rows of the dense gradient of the batches that were kept.</summary>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="gradient">Receives them, row-major [rows, in].</param>
    /// <exception cref="InvalidOperationException">There was no backward pass since batches are kept.</exception>
    internal abstract void DenseGradient(int firstRow, int rows, Span<float> gradient);

    private protected InvalidOperationException NoBatch()
        => new($"Layer '{Layer.Name}' has seen no backward pass since its last step, so that there is no gradient to grow by: call Step once after each optimizer.step().");
}
