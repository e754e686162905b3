using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>What is remembered of a layer's weights, by an optimiser or else: tensors of their shape, which are 0 where a weight is pruned or new.</summary>
/// <param name="state">The optimiser's state; null where that is out of reach.</param>
/// <param name="rate">The learning rate that a weight begins with.</param>
/// <param name="others">What others than the optimiser remember.</param>
internal sealed class LayerMemory(OptimizerState? state, double rate, IEnumerable<Tensor>? others = null) : IEnumerable<Tensor>
{
    /// <summary>Nothing.</summary>
    public static LayerMemory None { get; } = new(null, 0);

    /// <summary>A learning rate for each weight, where the optimiser has that (Rprop).</summary>
    public Tensor? Rates { get; } = (state as Rprop.State)?.step_size;

    /// <summary>The rate of a new weight.</summary>
    public float FreshRate { get; } = (float)rate;

    /// <summary>The same, and what others than the optimiser remember.</summary>
    public LayerMemory With(IEnumerable<Tensor> more) => new(state, rate, more);

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator() => (state is null ? [] : OptimizerStates.Tensors(state)).Concat(others ?? []).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
