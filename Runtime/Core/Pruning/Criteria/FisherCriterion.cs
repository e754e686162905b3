namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by 1/2 F w^2, what its removal adds to the loss to second order: optimal brain damage (LeCun et al. 1990) with the
/// diagonal of the empirical Fisher matrix, the mean of squared gradients of single samples, in place of the diagonal of the Hessian
/// (Theis et al. 2018, arXiv 1801.05787).
/// </summary>
public sealed class FisherCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.SquaredGradient;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var fisher = input.Evidence.SquaredGradient.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = 0.5f * fisher[i] * input.Weights[i] * input.Weights[i];
        }
    }
}
