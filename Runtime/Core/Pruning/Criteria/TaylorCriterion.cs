namespace KernelGen.Pruning;

/// <summary>
/// Scores a unit by (sum of g w over its active weights)^2, g = dL/dw on calibration batches: the squared change of the loss without it,
/// to first order (Molchanov et al. 2019, arXiv 1906.10771). Its weights share that evenly. For single weights it is (g w)^2.
/// </summary>
public sealed class TaylorCriterion : ICriterion
{
    /// <inheritdoc/>
    public Evidence Needs => Evidence.Gradient;

    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var gradient = input.Evidence.Gradient.Span;
        var units = input.Units;
        var changes = new double[units.Count];
        var sizes = new int[units.Count];
        for (var row = 0; row < units.Rows; row++)
        {
            for (var across = 0; across < units.BlocksAcross; across++)
            {
                var unit = units.FirstBlock(row) + across;
                var (start, end) = units.Cells(row, across);
                for (var i = start; i < end; i++)
                {
                    changes[unit] += input.Mask[i] ? (double)gradient[i] * input.Weights[i] : 0;
                    sizes[unit] += input.Mask[i] ? 1 : 0;
                }
            }
        }

        for (var row = 0; row < units.Rows; row++)
        {
            for (var across = 0; across < units.BlocksAcross; across++)
            {
                var unit = units.FirstBlock(row) + across;
                var (start, end) = units.Cells(row, across);
                scores[start..end].Fill((float)(changes[unit] * changes[unit] / Math.Max(1, sizes[unit])));
            }
        }
    }
}
