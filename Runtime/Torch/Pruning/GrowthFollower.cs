namespace KernelGen.Torch;

/// <summary>Who follows what <see cref="GrowAttribute"/> declare: one call for all layers of a model.</summary>
/// <param name="Call">As a program writes it.</param>
/// <param name="Remedy">What to do where nothing is declared for it.</param>
internal sealed record GrowthFollower(string Call, string Remedy)
{
    public static GrowthFollower Rewirer { get; } = new(
        "new Rewirer(module, optimizer, totalSteps)",
        "Add [Grow(Growth.RigL)] to the class or to a layer that has a sparsity pattern, or pass a Rewiring.");

    public static GrowthFollower Alternator { get; } = new(
        "new Alternator(module, optimizer, totalSteps)",
        "Add [Grow(Growth.AcDc)] to the class or to a layer that has a sparsity pattern, or pass an Alternation.");

    public static GrowthFollower Reparametrisation { get; } = new(
        "module.ReparametriseAsDeclared()",
        "Add [Grow(Growth.TopKast)] to the class or to a layer that is unstructured or has blocks, [Grow(Growth.SRSte)] to one that is N:M, or say by Reparametrise which layer takes what.");

    /// <summary>What a model declares for its layers, a layer's own in place of the class's; without those for which nothing is declared.</summary>
    /// <exception cref="ArgumentException">Nothing is declared, or something that another call follows.</exception>
    public IReadOnlyDictionary<LayerDescriptor, GrowSettings> Declared(ModelDescriptor model)
    {
        var declared = new Dictionary<LayerDescriptor, GrowSettings>(ReferenceEqualityComparer.Instance);
        foreach (var layer in model.Layers.Where(layer => layer.Pattern is not DensePattern))
        {
            if ((layer.Grow ?? OfClass(model, layer)) is { } settings)
            {
                declared.Add(layer, settings);
            }
        }

        return declared.FirstOrDefault(pair => Of(pair.Value.Growth) != this) switch
        {
            ({ } layer, { } other) => throw new ArgumentException(
                $"Layer '{layer.Name}' of model '{model.Name}' declares Growth.{other.Growth}, which {Of(other.Growth).Call} follows, and not {Call}.", nameof(model)),
            _ when declared.Count > 0 => declared,
            _ => throw new ArgumentException(
                $"Model '{model.Name}' declares {(model.Grow is { } none ? $"Growth.{none.Growth}, and has no layer of a pattern that takes it" : "no growth")}. {Remedy}", nameof(model)),
        };
    }

    private static GrowthFollower Of(Growth growth) => growth switch
    {
        Growth.AcDc => Alternator,
        Growth.TopKast or Growth.SRSte => Reparametrisation,
        _ => Rewirer,
    };

    // A method of one pattern, declared for the class, passes over layers of others.
    private static GrowSettings? OfClass(ModelDescriptor model, LayerDescriptor layer) => model.Grow?.Growth switch
    {
        Growth.SRSte when layer.Pattern is not NMPattern => null,
        Growth.TopKast when layer.Pattern is NMPattern => null,
        _ => model.Grow,
    };
}
