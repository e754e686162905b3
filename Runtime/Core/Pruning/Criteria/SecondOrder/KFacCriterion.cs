namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by how much the loss rises when it goes and the others make up for it, by a Fisher matrix in Kronecker factors: F = G
/// x A, where A is the mean of x x^T over the inputs x and G that of g g^T over the gradients g of the outputs. So [F^-1]_qq = [G^-1]_ii
/// [A^-1]_jj for the weight at row i, column j, and the score is w^2 / (2 [G^-1]_ii [A^-1]_jj).
/// </summary>
/// <remarks>
/// The weights of a unit (<see cref="ScoreInput.Units"/>) share the score of pruning it at once evenly; a unit may be a whole row, which is a neuron.
/// Compensation makes up for all weights that go at once, in the whole layer: it lowers 1/2 tr(G D A D^T) over the change D by conjugate
/// gradients, and ends never above plain masking. Scores are those of a layer none of whose other weights went before; compensation knows
/// which did. Everything is computed in double precision.
/// </remarks>
public sealed class KFacCriterion : ICompensatingCriterion
{
    private readonly double _dampening;
    private readonly int _steps;

    /// <summary>K-FAC with some dampening.</summary>
    /// <param name="dampening">
    /// What is added to the diagonals of A and of G, as a share of the mean of each; at least 0. This is the split of Martens and Grosse,
    /// with a total of dampening^2 tr(A) tr(G) / (in out).
    /// </param>
    /// <param name="steps">Steps of conjugate gradients at most; 0 compensates for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public KFacCriterion(double dampening = 0.01, int steps = 32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (!(dampening >= 0 && double.IsFinite(dampening)))
        {
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "The dampening of K-FAC must be a number from 0 on.");
        }

        _dampening = dampening;
        _steps = steps;
    }

    /// <inheritdoc/>
    public Evidence Needs => Evidence.InputGram | Evidence.GradientGram;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The products are missing, of wrong length or not finite, or the dampening is too small for them.</exception>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var layer = input.Layer;
        var (height, width) = (Math.Min(input.Units.BlockRows, layer.OutFeatures), Math.Min(input.Units.BlockColumns, layer.InFeatures));
        var inputs = Inputs(input).Units(width);
        var outputs = Outputs(input).Units(height);
        var weights = Active(input);
        for (var row = 0; row < outputs.Length; row++)
        {
            for (var column = 0; column < inputs.Length; column++)
            {
                var unit = new KroneckerUnit(layer.InFeatures, row * height, column * width, outputs[row], inputs[column]);
                unit.Spread(unit.Rise(weights), input.Mask, scores);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The products are missing, of wrong length or not finite.</exception>
    public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
    {
        var (inputs, outputs) = (Inputs(input).Matrix, Outputs(input).Matrix);
        var former = Active(input);
        var change = new double[former.Length];
        for (var i = 0; i < change.Length; i++)
        {
            change[i] = mask[i] ? 0 : -former[i];
        }

        new KroneckerLeastChange(outputs, inputs, input.Layer.OutFeatures, input.Layer.InFeatures).Find(change, mask, _steps);
        for (var i = 0; i < change.Length; i++)
        {
            weights[i] = mask[i] ? (float)(former[i] + change[i]) : 0;
        }
    }

    private KroneckerFactor Inputs(ScoreInput input)
        => KroneckerFactor.Of(input.Layer, input.Evidence.InputGram, input.Layer.InFeatures, "the products of inputs", _dampening);

    private KroneckerFactor Outputs(ScoreInput input)
        => KroneckerFactor.Of(input.Layer, input.Evidence.GradientGram, input.Layer.OutFeatures, "the products of gradients", _dampening);

    private static double[] Active(ScoreInput input)
    {
        var weights = new double[input.Weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = input.Mask[i] ? input.Weights[i] : 0;
        }

        return weights;
    }
}
