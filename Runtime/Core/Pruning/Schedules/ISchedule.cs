namespace KernelGen.Pruning;

/// <summary>The curve along which sparsity grows from 0 to its target.</summary>
public interface ISchedule
{
    /// <summary>The share of the final sparsity that is reached at a point of the pruning phase.</summary>
    /// <param name="progress">From 0, where pruning begins, to 1, where the target is reached.</param>
    /// <returns>A number in [0, 1] that never falls; 1 at <paramref name="progress"/> = 1.</returns>
    double Share(double progress);

    /// <summary>The same for a curve whose form depends on its target; others leave it out.</summary>
    /// <param name="progress">From 0, where pruning begins, to 1, where the target is reached.</param>
    /// <param name="sparsity">The final sparsity, in [0, 1].</param>
    /// <returns>A number in [0, 1] that never falls; 1 at <paramref name="progress"/> = 1.</returns>
    double Share(double progress, double sparsity) => Share(progress);
}
