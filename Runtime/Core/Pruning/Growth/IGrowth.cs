namespace KernelGen.Pruning;

/// <summary>Chooses the weights that become active in place of pruned ones: those with the highest scores.</summary>
public interface IGrowth
{
    /// <summary>Whether it looks at the gradient of inactive weights.</summary>
    bool NeedsGradient => false;

    /// <summary>
    /// What part of the gradient's mean over the steps stays at each step: 0 for the gradient of the last step alone. Above 0 the dense gradient is
    /// computed at every step.
    /// </summary>
    double Momentum => 0;

    /// <summary>Scores the weights of some rows of a layer.</summary>
    /// <param name="input">The rows, and what is known of them.</param>
    /// <param name="scores">
    /// Receives a score per weight, row-major; write all, since it holds what others left. Scores of active weights don't matter; of others neither NaN nor negative infinity is ever chosen. Of a
    /// block layer the sums over whole blocks are compared, of an N:M layer the weights of a group.
    /// </param>
    void Score(GrowthInput input, Span<float> scores);
}
