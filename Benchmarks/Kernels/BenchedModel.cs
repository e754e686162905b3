namespace KernelGen.Benchmarks.Kernels;

/// <summary>An annotated model of one layer, behind its public surface.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Run">The model's Forward.</param>
internal sealed record BenchedModel(Linear Layer, BenchedModel.Forward Run)
{
    public delegate void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout);

    public static BenchedModel Of<TModel>()
        where TModel : ISparseModel, new()
    {
        var model = new TModel();
        return new BenchedModel(model.Layers[0], model.Forward);
    }
}
