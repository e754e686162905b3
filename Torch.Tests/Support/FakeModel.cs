using KernelGen.Dispatch;

namespace KernelGen.Torch.Tests;

/// <summary>A model as the build would emit it, but without kernels: it holds weights and can't run.</summary>
internal sealed class FakeModel(ModelDescriptor descriptor) : ISparseModel
{
    public FakeModel()
        : this(Descriptor)
    {
    }

    public static ModelDescriptor Descriptor { get; } = Models.AllPatterns();

    public IReadOnlyList<Linear> Layers { get; } =
        [.. descriptor.Layers.Select(layer => new Linear(layer, sparse: null, new LayerKernels([], [])))];

    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch) => throw new NotSupportedException();

    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout) => throw new NotSupportedException();

    public void Load(string path, IReadOnlyDictionary<string, string>? names = null) => throw new NotSupportedException();

    public void Load(Stream stream, IReadOnlyDictionary<string, string>? names = null) => throw new NotSupportedException();

    public void Save(string path) => throw new NotSupportedException();

    public void Save(Stream stream) => throw new NotSupportedException();
}
