namespace KernelGen;

/// <summary>What the build adds to a class marked with <see cref="SparseModelAttribute"/>.</summary>
public interface ISparseModel
{
    /// <summary>Layers, shapes and patterns in order.</summary>
    static abstract ModelDescriptor Descriptor { get; }

    /// <summary>The layers in the order they run.</summary>
    IReadOnlyList<Linear> Layers { get; }

    /// <summary>Runs the model on a row-major batch.</summary>
    /// <param name="input">Activations [batch, in].</param>
    /// <param name="output">Receives [batch, out]; must not overlap <paramref name="input"/>.</param>
    /// <param name="batch">Samples in the batch; 0 does nothing.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">A layer has no weights yet.</exception>
    void Forward(ReadOnlySpan<float> input, Span<float> output, int batch);

    /// <summary>Runs the model on a batch in the given layout.</summary>
    /// <param name="input">Activations, [batch, in] or feature-major [in, batch].</param>
    /// <param name="output">Receives [batch, out] or [out, batch]; must not overlap <paramref name="input"/>.</param>
    /// <param name="batch">Samples in the batch; 0 does nothing.</param>
    /// <param name="layout">The layout of both spans.</param>
    /// <exception cref="ArgumentException">A length doesn't fit, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">A layer has no weights yet.</exception>
    void Forward(ReadOnlySpan<float> input, Span<float> output, int batch, Layout layout);

    /// <summary>Loads weights, masks and biases of all layers from a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">
    /// Maps names in the file to the model's (such as "fc1.weight" to "Fc1.weight"), or to "" to pass over a tensor; names that the file lacks do nothing. Optional.
    /// </param>
    /// <exception cref="InvalidDataException">The file is damaged or doesn't fit; the model stays as it was.</exception>
    void Load(string path, IReadOnlyDictionary<string, string>? names = null);

    /// <summary>Loads weights, masks and biases of all layers from a safetensors stream.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="names">Maps names as above; optional.</param>
    /// <exception cref="InvalidDataException">The data is damaged or doesn't fit; the model stays as it was.</exception>
    void Load(Stream stream, IReadOnlyDictionary<string, string>? names = null);

    /// <summary>Saves weights, masks and biases of all layers as a safetensors file, atomically.</summary>
    /// <param name="path">The file; an existing one is replaced in one step.</param>
    void Save(string path);

    /// <summary>Saves weights, masks and biases of all layers in safetensors form.</summary>
    /// <param name="stream">Receives the data.</param>
    void Save(Stream stream);
}
