namespace KernelGen.Pruning;

/// <summary>Turns scores of outputs into scores of weights.</summary>
internal static class OutputScores
{
    /// <summary>Shares each output's score evenly among its active weights.</summary>
    /// <param name="outputs">A score per output.</param>
    /// <param name="input">The layer.</param>
    /// <param name="scores">Receives a score per weight, row-major [out, in].</param>
    public static void Share(ReadOnlySpan<double> outputs, ScoreInput input, Span<float> scores)
    {
        var columns = input.Layer.InFeatures;
        for (var row = 0; row < outputs.Length; row++)
        {
            var active = input.Mask.Slice(row * columns, columns).Count(true);
            scores.Slice(row * columns, columns).Fill((float)(outputs[row] / Math.Max(1, active)));
        }
    }
}
