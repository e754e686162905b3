namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by the sum of |g w| over the steps of training, g = dL/dw: what its removal would change in the loss, to first
/// order (Mozer and Smolensky 1989; Molchanov et al. 2017, arXiv 1611.06440).
/// </summary>
public sealed class FirstOrderCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.Sensitivity;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var sensitivity = input.Evidence.Sensitivity.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = sensitivity[i];
        }
    }
}
