namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by |w| times the Euclidean norm of its input over the calibration samples, compared within its output alone (Wanda, Sun
/// et al. 2024, arXiv 2306.11695): each output keeps the same share. So it ranks weights, blocks and inputs, but not outputs.
/// </summary>
public sealed class WandaCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.InputNorms;

    /// <inheritdoc/>
    public bool RanksPerOutput => true;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var norms = input.Evidence.InputNorms.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = MathF.Abs(input.Weights[i]) * norms[i % norms.Length];
        }
    }
}
