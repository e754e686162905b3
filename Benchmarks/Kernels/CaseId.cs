namespace KernelGen.Benchmarks.Kernels;

/// <summary>What tells one case from another.</summary>
/// <param name="Pattern">The layer's pattern, such as "block 16x1".</param>
/// <param name="Sparsity">Fraction of zeros.</param>
/// <param name="M">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="N">Samples.</param>
internal readonly record struct CaseId(string Pattern, double Sparsity, int M, int K, int N)
{
    /// <summary>SpMM, or SpMV for one sample.</summary>
    public string Op => N == 1 ? "SpMV" : "SpMM";

    /// <summary>What a filter is matched against, such as "SpMM unstructured 90% 512x512x128".</summary>
    public string Name => $"{AnyShape} {Shape}";

    /// <summary>Such as "512x512x128".</summary>
    public string Shape => FormattableString.Invariant($"{M}x{K}x{N}");

    /// <summary>Cases whose geometric mean is held against one goal: all shapes of an SpMM, each of an SpMV.</summary>
    public string Group => N == 1 ? Name : AnyShape;

    /// <summary>The name without the shape, such as "SpMM unstructured 90%".</summary>
    public string AnyShape => FormattableString.Invariant($"{Op} {Pattern} {Sparsity:0.#%}");
}
