using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>The L1 penalty (lasso): a term for the loss that draws weights towards 0, each with the same force.</summary>
public static class L1
{
    /// <summary>The sum of |w| over the active weights of the layers that have a sparsity pattern.</summary>
    /// <param name="module">The module, in any mode.</param>
    /// <returns>A number through which gradients reach the weights.</returns>
    public static Tensor Norm(SparseModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        var norms = module.Layers.Where(layer => layer.HasPattern).Select(layer => layer.ActiveWeight().abs().sum()).ToArray();
        return norms.Aggregate(zeros([]), (sum, norm) => sum + norm).MoveToOuterDisposeScope();
    }
}
