namespace KernelGen.Pruning;

/// <summary>A model whose layers have their inputs in other orders, and which computes the same function.</summary>
/// <param name="Weights">The weights of every layer, row-major [out, in].</param>
/// <param name="Biases">The biases of every layer; empty for a layer without.</param>
/// <param name="Orders">
/// For every layer the order of its inputs: place j is for what was input order[j]. The first is that of the model's input
/// (<see cref="InputOrder.Apply"/>); that of a later layer is the order of the outputs before it.
/// </param>
public sealed record PermutedModel(
    IReadOnlyList<float[]> Weights, IReadOnlyList<float[]> Biases, IReadOnlyList<int[]> Orders);
