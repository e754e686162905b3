namespace KernelGen.Benchmarks.Kernels;

/// <summary>One row of the benchmark: a layer, a batch, a sparsity.</summary>
/// <param name="Model">The annotated model.</param>
/// <param name="Dense">The same shape without a pattern.</param>
/// <param name="Batch">Samples: N.</param>
/// <param name="Sparsity">Fraction of zeros; an N:M layer's own.</param>
/// <param name="Goal">The speed-up over the best dense that we want; null where none is set.</param>
internal sealed record KernelCase(Func<BenchedModel> Model, Func<BenchedModel> Dense, int Batch, double Sparsity, double? Goal)
{
    private readonly Linear _layer = Model().Layer;

    public string Op => Batch == 1 ? "SpMV" : "SpMM";

    public string Pattern => _layer.Descriptor.Pattern.ToString()!;

    public int M => _layer.OutFeatures;

    public int K => _layer.InFeatures;

    /// <summary>What a filter is matched against, such as "SpMM unstructured 90% 512x512x128".</summary>
    public string Name => FormattableString.Invariant($"{AnyShape} {M}x{K}x{Batch}");

    /// <summary>Cases whose geometric mean is held against one goal: all shapes of an SpMM, each of an SpMV.</summary>
    public string Group => Batch == 1 ? Name : AnyShape;

    private string AnyShape => FormattableString.Invariant($"{Op} {Pattern} {Sparsity:0.#%}");

    public static KernelCase Of<TModel, TDense>(int batch, double sparsity, double? goal = null)
        where TModel : ISparseModel, new()
        where TDense : ISparseModel, new()
        => new(BenchedModel.Of<TModel>, BenchedModel.Of<TDense>, batch, sparsity, goal);
}
