namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by the sum of -g w over the steps of training, g = dL/dw: those that move towards 0 go first, however large they are
/// (movement pruning, hard, Sanh et al. 2020, arXiv 2005.07683). Here a pruned weight never comes back; in the paper its score is
/// learned further.
/// </summary>
public sealed class MovementCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.Movement;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var movement = input.Evidence.Movement.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = movement[i];
        }
    }
}
