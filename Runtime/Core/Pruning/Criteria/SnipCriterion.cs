namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by |g w|, g = dL/dw on calibration batches: its connection sensitivity (SNIP, Lee et al. 2019, arXiv 1810.02340),
/// meant for the network before its first step. The paper divides by the sum over the model; one positive factor for all layers
/// changes no order, neither within a layer nor where layers compete (<see cref="GlobalBudget"/>), so it is left out.
/// </summary>
public sealed class SnipCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.Gradient;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var gradient = input.Evidence.Gradient.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = MathF.Abs(gradient[i] * input.Weights[i]);
        }
    }
}
