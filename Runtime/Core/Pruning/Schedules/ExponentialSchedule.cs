namespace KernelGen.Pruning;

/// <summary>
/// Every update of the same length prunes the same fraction of what is left, so that the density falls exponentially: at progress p
/// it is (1 - S)^p, and the share of the target S is (1 - (1 - S)^p) / S. Iterative magnitude pruning goes so (Frankle and Carbin
/// 2019, arXiv 1803.03635: 20% of the remaining weights a round).
/// </summary>
public sealed class ExponentialSchedule : ISchedule
{
    /// <summary>The curve's limit for a small target: linear.</summary>
    /// <inheritdoc/>
    public double Share(double progress) => progress;

    /// <inheritdoc/>
    public double Share(double progress, double sparsity)
        => sparsity > 0 ? (1 - Math.Pow(1 - sparsity, progress)) / sparsity : Share(progress);
}
