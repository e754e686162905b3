namespace KernelGen.Pruning;

/// <summary>The same number of weights at every update.</summary>
public sealed class LinearSchedule : ISchedule
{
    /// <inheritdoc/>
    public double Share(double progress) => progress;
}
