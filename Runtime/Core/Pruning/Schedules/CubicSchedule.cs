namespace KernelGen.Pruning;

/// <summary>Fast at first, slow at the end: 1 - (1 - progress)^3 (Zhu and Gupta 2017, arXiv 1710.01878, initial sparsity 0).</summary>
public sealed class CubicSchedule : ISchedule
{
    /// <inheritdoc/>
    public double Share(double progress)
    {
        var left = 1 - progress;
        return 1 - (left * left * left);
    }
}
