namespace KernelGen.Torch;

/// <summary>Carries weights, masks and biases between a module and a model of the same layers.</summary>
internal static class ModelTransfer
{
    public static void ToModel(SparseModule module, ISparseModel model)
    {
        Match(module, model);
        module.ThrowIfReparametrised();
        var sources = module.Layers.Select(LayerValues.Of).ToArray();

        // All before the first is copied: so that either all layers of the model change or none.
        for (var i = 0; i < sources.Length; i++)
        {
            if (model.Layers[i].Descriptor.FindViolation(sources[i].Mask) is { } violation)
            {
                throw new ArgumentException(
                    $"{violation} The module's masks fit the patterns once pruning has ended: copy after the Pruner's last update.");
            }
        }

        for (var i = 0; i < sources.Length; i++)
        {
            sources[i].CopyTo(model.Layers[i]);
        }
    }

    public static void FromModel(SparseModule module, ISparseModel model)
    {
        Match(module, model);
        if (model.Layers.FirstOrDefault(layer => !layer.HasWeights) is { } empty)
        {
            throw new InvalidOperationException($"Layer '{empty.Name}\' has no weights yet: call SetWeights or Load first.");
        }

        // All before the first is written: so that either all layers of the module change or none.
        for (var i = 0; i < module.Layers.Count; i++)
        {
            module.Layers[i].ThrowIfNoRoom(model.Layers[i].RequireState().Weights.Nonzeros);
        }

        for (var i = 0; i < module.Layers.Count; i++)
        {
            Read(model.Layers[i], module.Layers[i]);
        }
    }

    private static void Read(Linear source, TrainedLayer target)
    {
        var weights = new float[target.Layer.WeightCount];
        var mask = new bool[weights.Length];
        source.GetWeights(weights);
        source.GetMask(mask);
        target.Write(weights, mask);
        if (target.Bias is { } bias)
        {
            var values = new float[target.Layer.OutFeatures];
            source.GetBias(values);
            TensorData.Write(bias, values);
        }
    }

    private sealed record LayerValues(float[] Weights, float[] Bias, bool[] Mask)
    {
        public static LayerValues Of(TrainedLayer layer)
            => new(layer.ReadWeights(), layer.Bias is { } bias ? TensorData.Floats(bias) : [], layer.ReadMask());

        public void CopyTo(Linear layer) => layer.SetWeights(Weights, Bias, Mask);
    }

    private static void Match(SparseModule module, ISparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var own = module.Layers.Select(layer => Describe(layer.Layer)).ToArray();
        var other = model.Layers.Select(layer => Describe(layer.Descriptor)).ToArray();
        if (own.Length != other.Length)
        {
            throw new ArgumentException($"The module has {own.Length} layers, as {module.Model.Name}; the model, {model.GetType().Name}, has {other.Length}.", nameof(model));
        }

        for (var i = 0; i < own.Length; i++)
        {
            if (own[i] != other[i])
            {
                throw new ArgumentException($"Layer {i} differs: the module has {own[i]}, the model {other[i]}.", nameof(model));
            }
        }
    }

    // All that a layer computes and may keep; not the sparsity that it is on its way to.
    private static string Describe(LayerDescriptor layer) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{layer.Name}({layer.InFeatures} -> {layer.OutFeatures}, {(layer.Bias ? "bias" : "no bias")}, {ActivationOf(layer)}, {layer.Pattern})");

    private static string ActivationOf(LayerDescriptor layer)
        => layer.Activation == Activation.LeakyRelu
            ? FormattableString.Invariant($"LeakyRelu {layer.NegativeSlope}")
            : layer.Activation.ToString();
}
