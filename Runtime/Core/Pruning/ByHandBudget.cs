namespace KernelGen.Pruning;

/// <summary>Each layer reaches the sparsity of its own pattern.</summary>
public sealed class ByHandBudget : IBudget
{
    /// <inheritdoc/>
    public IReadOnlyList<double> Densities(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Layers.Select(static layer => 1 - layer.Pattern.TargetSparsity)];
    }
}
