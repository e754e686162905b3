namespace KernelGen;

/// <summary>How a model's sparsity is spread over its layers.</summary>
public enum Budget
{
    /// <summary>Each layer reaches the sparsity of its own pattern attribute.</summary>
    ByHand,

    /// <summary>Every unstructured and block layer reaches the model-wide <see cref="PruneAttribute.Sparsity"/>.</summary>
    Uniform,

    /// <summary>
    /// Erdős-Rényi-Kernel: a layer's density is proportional to (in + out) / (in * out), and the model-wide
    /// <see cref="PruneAttribute.Sparsity"/> holds in total (Evci et al. 2020, arXiv 1911.11134).
    /// </summary>
    Erk,

    /// <summary>Scores compete across layers; the model-wide <see cref="PruneAttribute.Sparsity"/> holds in total.</summary>
    Global,
}
