namespace KernelGen.Pruning;

/// <summary>
/// Where the exponential mean of the dense gradient is largest, a weight would have helped most for some time (sparse momentum, SNFS: Dettmers and
/// Zettlemoyer 2019, arXiv 1907.04840). It needs the dense gradient at every step.
/// </summary>
/// <param name="momentum">What part of the mean stays at each step, in [0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> lies outside [0, 1).</exception>
public sealed class MomentumGrowth(double momentum = 0.9) : IGrowth
{
    private readonly GradientGrowth _largest = new();

    /// <inheritdoc/>
    public bool NeedsGradient => true;

    /// <inheritdoc/>
    public double Momentum { get; } = momentum is >= 0 and < 1
        ? momentum
        : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "What part of the gradient's mean stays lies between 0, included, and 1, excluded.");

    /// <inheritdoc/>
    public void Score(GrowthInput input, Span<float> scores) => _largest.Score(input, scores);
}
