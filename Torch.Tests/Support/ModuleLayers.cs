namespace KernelGen.Torch.Tests;

/// <summary>The layers of a module by their mode.</summary>
internal static class ModuleLayers
{
    public static MaskedLinear Masked(this SparseModule module, int layer) => (MaskedLinear)module.Layers[layer];

    public static SparseLinear Sparse(this SparseModule module, int layer) => (SparseLinear)module.Layers[layer];
}
