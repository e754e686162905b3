namespace KernelGen.Pruning;

/// <summary>Scores a weight by |w|.</summary>
public sealed class MagnitudeCriterion : ICriterion
{
    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        for (var i = 0; i < input.Weights.Length; i++)
        {
            scores[i] = MathF.Abs(input.Weights[i]);
        }
    }
}
