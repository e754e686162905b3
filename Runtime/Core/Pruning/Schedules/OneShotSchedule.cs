namespace KernelGen.Pruning;

/// <summary>The whole target at once, where pruning begins.</summary>
public sealed class OneShotSchedule : ISchedule
{
    /// <inheritdoc/>
    public double Share(double progress) => 1;
}
