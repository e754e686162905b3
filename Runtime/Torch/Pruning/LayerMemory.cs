using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>What an optimiser remembers of a layer's weights: tensors of their shape, which are 0 where a weight is pruned or new.</summary>
/// <param name="state">The optimiser's state; null where that is out of reach.</param>
/// <param name="rate">The learning rate that a weight begins with.</param>
internal sealed class LayerMemory(OptimizerState? state, double rate) : IEnumerable<Tensor>
{
    /// <summary>A learning rate for each weight, where the optimiser has that (Rprop).</summary>
    public Tensor? Rates { get; } = (state as Rprop.State)?.step_size;

    /// <summary>The rate of a new weight.</summary>
    public float FreshRate { get; } = (float)rate;

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator() => (state is null ? [] : OptimizerStates.Tensors(state)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
