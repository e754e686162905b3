namespace KernelGen.Pruning;

/// <summary>Ranks the weights of a layer: the lowest scores are pruned first.</summary>
public interface ICriterion
{
    /// <summary>What it looks at beside the weights.</summary>
    Evidence Needs => Evidence.None;

    /// <summary>
    /// The finest unit that it tells apart: <see cref="PruningUnit.Pattern"/> where that is a weight, so that it ranks units of all
    /// kinds; another for a criterion that ranks nothing but that.
    /// </summary>
    PruningUnit Unit => PruningUnit.Pattern;

    /// <summary>Whether scores compare within one output (row, row of blocks) alone: then each output keeps the same share of its weights.</summary>
    bool RanksPerOutput => false;

    /// <summary>Scores every weight of a layer.</summary>
    /// <param name="input">The layer and what is known about its weights.</param>
    /// <param name="scores">
    /// Receives a score per weight, row-major [out, in]. Any number but NaN; scores of weights that are pruned already don't matter.
    /// A unit of several weights is ranked by the sum of the scores of those that are active.
    /// </param>
    void Score(ScoreInput input, Span<float> scores);
}
