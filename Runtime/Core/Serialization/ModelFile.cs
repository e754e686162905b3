namespace KernelGen.Serialization;

/// <summary>Models as safetensors files, independent of instruction set and plan.</summary>
internal static class ModelFile
{
    /// <summary>Writes all layers; equal weights give equal bytes.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="weights">Weights of the layers in order.</param>
    /// <exception cref="ArgumentException">The weights don't fit the model; nothing was written.</exception>
    public static void Write(Stream stream, ModelDescriptor model, IReadOnlyList<LayerWeights> weights)
    {
        if (weights.Count != model.Layers.Count)
        {
            throw new ArgumentException(
                $"Model '{model.Name}' has {model.Layers.Count} layers, but weights of {weights.Count} were given.", nameof(weights));
        }

        var writer = new SafetensorsWriter();
        writer.AddMetadata(TensorNames.VersionKey, TensorNames.Version);
        for (var i = 0; i < weights.Count; i++)
        {
            Add(writer, model.Layers[i], weights[i]);
        }

        writer.WriteTo(stream);
    }

    /// <summary>Reads all layers from a file that KernelGen or another tool wrote.</summary>
    /// <remarks>
    /// Every tensor must belong to a layer, and every layer must be complete; a tensor whose name is mapped to "" is passed over.
    /// The nonzeros of a dense tensor are the mask, unless the layer is declared dense or the file says that all are active.
    /// </remarks>
    /// <param name="stream">The file, read to its end; it needn't be able to seek.</param>
    /// <param name="model">The model.</param>
    /// <param name="names">Maps names in the file to the model's; a name that isn't among them stays as it is.</param>
    /// <exception cref="InvalidDataException">The file is damaged or doesn't fit the model.</exception>
    public static IReadOnlyList<LayerWeights> Read(
        Stream stream, ModelDescriptor model, IReadOnlyDictionary<string, string>? names = null)
    {
        var reader = new SafetensorsReader(stream);
        var metadata = reader.Header.Metadata;
        if (metadata.TryGetValue(TensorNames.VersionKey, out var version) && version != TensorNames.Version)
        {
            throw new InvalidDataException(
                $"The file has version '{version}' of the KernelGen format; this release reads version '{TensorNames.Version}'.");
        }

        var tensors = new NamedTensors(reader.Header, names);
        var layers = model.Layers.Select(layer => new LayerTensors(layer, tensors, metadata)).ToList();
        tensors.RequireNoneLeft(model);
        foreach (var tensor in reader.Header.Tensors)
        {
            if (!layers.Exists(layer => layer.TryRead(reader, tensor)))
            {
                reader.Skip(tensor);
            }
        }

        reader.Finish();
        return layers.ConvertAll(layer => layer.Assemble());
    }

    private static void Add(SafetensorsWriter writer, LayerDescriptor layer, LayerWeights weights)
    {
        var (matrix, bias) = weights;
        if (matrix.Rows != layer.OutFeatures || matrix.Columns != layer.InFeatures)
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}' is {layer.OutFeatures}x{layer.InFeatures}, but its weights are {matrix.Rows}x{matrix.Columns}.",
                nameof(weights));
        }

        if (bias.Length != (layer.Bias ? layer.OutFeatures : 0))
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}' has {(layer.Bias ? layer.OutFeatures : 0)} biases, but {bias.Length} were given.", nameof(weights));
        }

        if (matrix.IsFull)
        {
            writer.Add(TensorNames.Weight(layer), () => matrix.Values, matrix.Rows, matrix.Columns);
            writer.AddMetadata(TensorNames.Weight(layer), TensorNames.Full);
        }
        else
        {
            var mask = MaskGrid.Of(matrix);
            var index = MaskIndexes.Smallest(mask, layer.Pattern);
            writer.Add(TensorNames.Values(layer), () => matrix.Values, matrix.Nonzeros);
            writer.Add(TensorNames.Mask(layer), index.Encode(mask));
            writer.AddMetadata(TensorNames.Mask(layer), $"{matrix.Rows}x{matrix.Columns} {index}");
        }

        if (layer.Bias)
        {
            writer.Add(TensorNames.Bias(layer), () => bias, layer.OutFeatures);
        }
    }
}
