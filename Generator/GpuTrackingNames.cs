namespace KernelGen.Generator;

/// <summary>The names of the GPU's steps, which give nothing where the compilation doesn't reference KernelGen.Gpu.</summary>
public static class GpuTrackingNames
{
    /// <summary>Whether the compilation references KernelGen.Gpu.</summary>
    public const string Reference = "KernelGen.Gpu.Reference";

    /// <summary>What a model's class gets for GPUs.</summary>
    public const string ModelFile = "KernelGen.Gpu.ModelFile";

    /// <summary>One kind of kernels that a model needs.</summary>
    public const string Kind = "KernelGen.Gpu.Kind";

    /// <summary>The text of one kind's kernels.</summary>
    public const string Kernels = "KernelGen.Gpu.Kernels";

    /// <summary>One file of kernels, each once, in ordinal order.</summary>
    public const string KernelFile = "KernelGen.Gpu.KernelFile";

    /// <summary>Weight gradients that a model needs.</summary>
    public const string Sampled = "KernelGen.Gpu.Sampled";

    /// <summary>One file of weight gradients, each once, in ordinal order.</summary>
    public const string SampledFile = "KernelGen.Gpu.SampledFile";

    /// <summary>The activations of models whose gradients are emitted.</summary>
    public const string Training = "KernelGen.Gpu.Training";

    /// <summary>The text of their slopes.</summary>
    public const string TrainingFile = "KernelGen.Gpu.TrainingFile";

    /// <summary>The text that all GPU kernels share.</summary>
    public const string Shared = "KernelGen.Gpu.Shared";
}
