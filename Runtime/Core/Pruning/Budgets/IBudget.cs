namespace KernelGen.Pruning;

/// <summary>Spreads a model's sparsity over its layers.</summary>
public interface IBudget
{
    /// <summary>
    /// Whether the scores of unstructured and block layers compete for the total of <see cref="Densities"/>, so that a layer may
    /// end denser or sparser than its own.
    /// </summary>
    bool Competes => false;

    /// <summary>
    /// What each unstructured or block layer keeps at least, whatever its density or the competition says. Where the total of all
    /// densities must hold, <see cref="Densities"/> heeds it too.
    /// </summary>
    Minimum Minimum => Minimum.One;

    /// <summary>The final density of each layer, in order.</summary>
    /// <param name="model">The model.</param>
    /// <returns>
    /// A density in [0, 1] per layer: kept weights (of a block layer: kept blocks) over all. Dense and N:M layers keep what
    /// their pattern says; their entries are ignored.
    /// </returns>
    IReadOnlyList<double> Densities(ModelDescriptor model);
}
