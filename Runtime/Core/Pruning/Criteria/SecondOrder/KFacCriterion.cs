namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by how much the loss rises when it goes and the others make up for it, by a Fisher matrix in Kronecker factors: F = G x A, where A is the
/// mean of x x^T over the inputs x and G that of g g^T over the gradients g of the outputs. So [F^-1]_qq = [G^-1]_ii [A^-1]_jj for the weight at row i,
/// column j, and the score is w^2 / (2 [G^-1]_ii [A^-1]_jj).
/// </summary>
/// <remarks>
/// The weights of a block pattern share the score of pruning their unit at once evenly; a unit may be a whole row, which is a neuron. Compensation makes up
/// for all weights that go at once, in the whole layer: it lowers 1/2 tr(G D A D^T) over the change D by conjugate gradients, and ends never above plain
/// masking. Scores are those of a layer none of whose other weights went before; compensation knows which did. Everything is computed in double precision.
/// </remarks>
public sealed class KFacCriterion : ICompensatingCriterion
{
    private readonly double _dampening;
    private readonly int _steps;

    /// <summary>K-FAC with some dampening.</summary>
    /// <param name="dampening">
    /// What is added to the diagonals of A and of G, as a share of the mean of each; at least 0. This is the split of Martens and Grosse, with a total of
    /// dampening^2 tr(A) tr(G) / (in out).
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
        var (height, width) = layer.Pattern is BlockPattern block
            ? (Math.Min(block.Rows, layer.OutFeatures), Math.Min(block.Columns, layer.InFeatures))
            : (1, 1);
        var outputs = Units(layer, Outputs(input), layer.OutFeatures, height, "products of gradients");
        var inputs = Units(layer, Inputs(input), layer.InFeatures, width, "products of inputs");
        var weights = Active(input);
        var half = new double[height * width];
        for (var row = 0; row < layer.OutFeatures; row += height)
        {
            for (var column = 0; column < layer.InFeatures; column += width)
            {
                var unit = new Unit(row, column, Math.Min(height, layer.OutFeatures - row), Math.Min(width, layer.InFeatures - column));
                var rise = Rise(weights, layer.InFeatures, unit, outputs[row / height], inputs[column / width], half);
                Spread(rise, input, unit, scores);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The products are missing, of wrong length or not finite.</exception>
    public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
    {
        var layer = input.Layer;
        var former = Active(input);
        var change = new double[former.Length];
        for (var i = 0; i < change.Length; i++)
        {
            change[i] = mask[i] ? 0 : -former[i];
        }

        new KroneckerLeastChange(Outputs(input), Inputs(input), layer.OutFeatures, layer.InFeatures).Find(change, mask, _steps);
        for (var i = 0; i < change.Length; i++)
        {
            weights[i] = mask[i] ? (float)(former[i] + change[i]) : 0;
        }
    }

    private double[] Inputs(ScoreInput input) => Damped(input.Layer, input.Evidence.InputGram, input.Layer.InFeatures, "the products of inputs");

    private double[] Outputs(ScoreInput input)
        => Damped(input.Layer, input.Evidence.GradientGram, input.Layer.OutFeatures, "the products of gradients");

    private double[] Damped(LayerDescriptor layer, ReadOnlyMemory<float> gram, int size, string what)
    {
        var values = EvidenceCheck.Read(layer, gram, (long)size * size, what);
        var damped = new double[values.Length];
        var trace = 0.0;
        for (var i = 0; i < damped.Length; i++)
        {
            damped[i] = values[i];
            trace += i % (size + 1) == 0 ? values[i] : 0;
        }

        // A layer that nothing reaches, or that nothing depends on, has no scale of its own.
        var addition = _dampening * (trace > 0 ? trace / size : 1);
        for (var i = 0; i < size; i++)
        {
            damped[(i * size) + i] += addition;
        }

        return damped;
    }

    /// <summary>(S^-1[Q,Q])^-1 of one factor S, for every unit's range Q.</summary>
    private double[][] Units(LayerDescriptor layer, double[] factor, int size, int unit, string what)
    {
        if (!Cholesky.TryInvert(factor, size))
        {
            throw EvidenceCheck.Singular(layer, what, _dampening);
        }

        var units = new double[(size + unit - 1) / unit][];
        for (var i = 0; i < units.Length; i++)
        {
            int[] places = [.. Enumerable.Range(i * unit, Math.Min(unit, size - (i * unit)))];
            units[i] = Cholesky.Part(factor, size, places);
            if (!Cholesky.TryInvert(units[i], places.Length))
            {
                throw EvidenceCheck.Singular(layer, what, _dampening);
            }
        }

        return units;
    }

    /// <summary>1/2 tr(G W A W^T) of a unit's weights W and its parts of the factors.</summary>
    private static double Rise(double[] weights, int columns, Unit unit, double[] outputs, double[] inputs, double[] half)
    {
        for (var i = 0; i < unit.Height; i++)
        {
            var row = weights.AsSpan(((unit.Row + i) * columns) + unit.Column, unit.Width);
            for (var j = 0; j < unit.Width; j++)
            {
                half[(i * unit.Width) + j] = Vectors.Dot(inputs.AsSpan(j * unit.Width, unit.Width), row);
            }
        }

        var rise = 0.0;
        for (var i = 0; i < unit.Height; i++)
        {
            var row = weights.AsSpan(((unit.Row + i) * columns) + unit.Column, unit.Width);
            for (var k = 0; k < unit.Height; k++)
            {
                rise += outputs[(i * unit.Height) + k] * Vectors.Dot(row, half.AsSpan(k * unit.Width, unit.Width)) / 2;
            }
        }

        return rise;
    }

    private static void Spread(double rise, ScoreInput input, Unit unit, Span<float> scores)
    {
        var active = 0;
        for (var i = 0; i < unit.Height; i++)
        {
            active += input.Mask.Slice(((unit.Row + i) * input.Layer.InFeatures) + unit.Column, unit.Width).Count(true);
        }

        for (var i = 0; i < unit.Height; i++)
        {
            scores.Slice(((unit.Row + i) * input.Layer.InFeatures) + unit.Column, unit.Width).Fill((float)(rise / Math.Max(1, active)));
        }
    }

    private static double[] Active(ScoreInput input)
    {
        var weights = new double[input.Weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = input.Mask[i] ? input.Weights[i] : 0;
        }

        return weights;
    }

    /// <summary>A block of weights; a single one where the layer has no blocks.</summary>
    private readonly record struct Unit(int Row, int Column, int Height, int Width);
}
