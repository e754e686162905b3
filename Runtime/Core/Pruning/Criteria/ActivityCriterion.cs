namespace KernelGen.Pruning;

/// <summary>
/// Scores a whole output by the root of its mean square over the calibration samples, behind the activation: outputs that are seldom or
/// never active go first (Hu et al. 2016, arXiv 1607.03250, count zeros).
/// </summary>
public sealed class ActivityCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.OutputGram;

    /// <inheritdoc/>
    public PruningUnit Unit => PruningUnit.Output;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var gram = input.Evidence.OutputGram.Span;
        var outputs = new double[input.Layer.OutFeatures];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Math.Sqrt(gram[(i * outputs.Length) + i]);
        }

        OutputScores.Share(outputs, input, scores);
    }
}
