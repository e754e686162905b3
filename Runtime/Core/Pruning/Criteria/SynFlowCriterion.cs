namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by |w| dR/d|w|, R = 1^T prod |W_l| 1: its part of the flow through the network, without data (SynFlow, Tanaka et al.
/// 2020, arXiv 2006.05467). Meant for many rounds, 100 in the paper (<see cref="ModelPruner.PruneInRounds"/>): at once it cuts
/// layers off.
/// </summary>
public sealed class SynFlowCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.Flow;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var flow = input.Evidence.Flow.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = MathF.Abs(input.Weights[i]) * flow[i];
        }
    }
}
