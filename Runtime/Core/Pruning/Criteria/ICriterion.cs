namespace KernelGen.Pruning;

/// <summary>Ranks the weights of a layer: the lowest scores are pruned first.</summary>
public interface ICriterion
{
    /// <summary>What it looks at beside the weights.</summary>
    Evidence Needs => Evidence.None;

    /// <summary>Scores every weight of a layer.</summary>
    /// <param name="input">The layer and what is known about its weights.</param>
    /// <param name="scores">
    /// Receives a score per weight, row-major [out, in]. Any number but NaN; scores of weights that are pruned already don't matter.
    /// A block, row or column of weights is ranked by the sum of the scores of its active weights.
    /// </param>
    void Score(ScoreInput input, Span<float> scores);
}
