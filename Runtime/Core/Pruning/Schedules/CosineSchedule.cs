namespace KernelGen.Pruning;

/// <summary>Slow at both ends: (1 - cos(pi progress)) / 2.</summary>
public sealed class CosineSchedule : ISchedule
{
    /// <inheritdoc/>
    public double Share(double progress) => (1 - Math.Cos(Math.PI * progress)) / 2;
}
