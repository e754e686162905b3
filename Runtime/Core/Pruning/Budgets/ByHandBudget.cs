namespace KernelGen.Pruning;

/// <summary>Each layer reaches the sparsity of its own pattern.</summary>
/// <param name="minimum">What each layer keeps at least, whatever its pattern says.</param>
public sealed class ByHandBudget(Minimum? minimum = null) : IBudget
{
    /// <inheritdoc/>
    public Minimum Minimum { get; } = minimum ?? Minimum.One;

    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Layers.Select(static layer => 1 - layer.Pattern.TargetSparsity)];
    }
}
