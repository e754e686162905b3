namespace KernelGen;

/// <summary>The score by which weights are ranked for pruning; the lowest go first.</summary>
public enum Criterion
{
    /// <summary>|w|; for a block, the sum of |w| over its weights.</summary>
    Magnitude,
}
