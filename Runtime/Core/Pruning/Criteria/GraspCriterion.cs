namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by w (H g): weights whose removal lets the squared norm of the gradient grow, or shrink least, go first (GraSP, Wang
/// et al. 2020, arXiv 2002.07376). The paper scores -w (H g) and removes the highest, which is the same. It divides the logits by a
/// temperature of 200: that is a matter of the loss, so give the calibration one that does.
/// </summary>
public sealed class GraspCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.HessianGradient;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var product = input.Evidence.HessianGradient.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = input.Weights[i] * product[i];
        }
    }
}
