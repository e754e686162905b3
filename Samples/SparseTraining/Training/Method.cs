using KernelGen.Pruning;

namespace SparseTraining.Training;

/// <summary>A way to train.</summary>
/// <param name="Name">What a reader sees.</param>
/// <param name="IsSparse">Whether it is sparse from the start, on the emitted kernels; else dense, by TorchSharp.</param>
/// <param name="Rewiring">How masks change; null where they stay.</param>
internal sealed record Method(string Name, bool IsSparse, Rewiring? Rewiring)
{
    /// <summary>Dense, and three that are sparse from the start.</summary>
    /// <param name="batches">Batches of an epoch: how often SET changes masks.</param>
    public static IReadOnlyList<Method> All(int batches) =>
    [
        new("dense", false, null), new("static", true, null), new("SET", true, Rewiring.Set(every: batches)), new("RigL", true, Rewiring.RigL()),
    ];
}
