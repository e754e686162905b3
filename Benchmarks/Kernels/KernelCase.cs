namespace KernelGen.Benchmarks.Kernels;

/// <summary>One row of the benchmark: a layer, a batch, a sparsity.</summary>
/// <param name="Model">The annotated model.</param>
/// <param name="Dense">The same shape without a pattern.</param>
/// <param name="Batch">Samples: N.</param>
/// <param name="Sparsity">Fraction of zeros; an N:M layer's own.</param>
/// <param name="Goal">The speed-up over the best dense that we want; null where none is set.</param>
internal sealed record KernelCase(Func<BenchedModel> Model, Func<BenchedModel> Dense, int Batch, double Sparsity, double? Goal)
{
    public CaseId Id { get; } = IdOf(Model().Layer, Batch, Sparsity);

    public static KernelCase Of<TModel, TDense>(int batch, double sparsity, double? goal = null)
        where TModel : ISparseModel, new()
        where TDense : ISparseModel, new()
        => new(BenchedModel.Of<TModel>, BenchedModel.Of<TDense>, batch, sparsity, goal);

    private static CaseId IdOf(Linear layer, int batch, double sparsity)
        => new(layer.Descriptor.Pattern.ToString()!, sparsity, layer.OutFeatures, layer.InFeatures, batch);
}
