namespace KernelGen.Pruning;

/// <summary>
/// Scores a whole output by 1 - |r|, r its strongest correlation with another output of the layer that varies more, over the calibration
/// samples and behind the activation: what another output says already goes first (Sietsma and Dow 1988 remove units
/// that are constant or duplicates of others). Of two that say the same, only the one that varies less scores low; a constant output scores 0.
/// </summary>
public sealed class CorrelationCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.OutputGram | Evidence.OutputMeans;

    /// <inheritdoc/>
    public PruningUnit Unit => PruningUnit.Output;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var n = input.Layer.OutFeatures;
        var gram = input.Evidence.OutputGram.Span;
        var means = input.Evidence.OutputMeans.Span;
        var variances = new double[n];
        for (var i = 0; i < n; i++)
        {
            variances[i] = Variance(gram, means, i);
        }

        var outputs = new double[n];
        for (var i = 0; i < n; i++)
        {
            outputs[i] = variances[i] > 0 ? 1 - Math.Min(1, Strongest(gram, means, variances, i)) : 0;
        }

        OutputScores.Share(outputs, input, scores);
    }

    /// <summary>The strongest correlation of an output with one that varies more; of equals with an earlier one.</summary>
    private static double Strongest(ReadOnlySpan<float> gram, ReadOnlySpan<float> means, double[] variances, int i)
    {
        var strongest = 0.0;
        for (var j = 0; j < variances.Length; j++)
        {
            if (variances[j] > variances[i] || (variances[j] == variances[i] && j < i))
            {
                strongest = Math.Max(strongest, Math.Abs(Covariance(gram, means, i, j)) / Math.Sqrt(variances[i] * variances[j]));
            }
        }

        return strongest;
    }

    /// <summary>0 for a constant, of which the difference of two rounded numbers leaves a little.</summary>
    private static double Variance(ReadOnlySpan<float> gram, ReadOnlySpan<float> means, int i)
        => Covariance(gram, means, i, i) is var variance && variance > 1e-6 * gram[(i * means.Length) + i] ? variance : 0;

    private static double Covariance(ReadOnlySpan<float> gram, ReadOnlySpan<float> means, int i, int j)
        => gram[(i * means.Length) + j] - ((double)means[i] * means[j]);
}
