namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by how much the loss rises when it goes and the others make up for it, w^2 / (2 [F^-1]_qq): F is the empirical Fisher
/// matrix lambda I + 1/N sum g g^T over the gradients g of N samples, kept in blocks of neighbouring weights. Weights that stay change by
/// -F^-1[:,Q] (F^-1[Q,Q])^-1 w_Q, where Q are those that go.
/// </summary>
/// <remarks>
/// The weights of a unit (<see cref="ScoreInput.Units"/>) share the score of pruning it at once, 1/2 w_Q^T (F^-1[Q,Q])^-1 w_Q, evenly.
/// Everything is computed in double precision.
/// </remarks>
public sealed class WoodFisherCriterion : ICompensatingCriterion
{
    private readonly int _blockSize;
    private readonly double _dampening;

    /// <summary>WoodFisher with blocks of some size.</summary>
    /// <param name="blockSize">Weights in a block of the Fisher matrix: time grows with it, memory with its square.</param>
    /// <param name="dampening">Lambda, what each weight adds to the diagonal; above 0, in units of squared gradients.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public WoodFisherCriterion(int blockSize = 50, double dampening = 1e-7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        if (!(dampening > 0 && double.IsFinite(dampening)))
        {
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "The dampening of WoodFisher must be a number above 0.");
        }

        _blockSize = blockSize;
        _dampening = dampening;
    }

    /// <inheritdoc/>
    public Evidence Needs => Evidence.SampleGradients;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The gradients of samples are missing, of wrong length or not finite, or the dampening is too small for them.
    /// </exception>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var gradients = Gradients(input);
        var fisher = new InverseFisher(Math.Min(_blockSize, input.Weights.Length));
        foreach (var (start, length) in FisherBlocks.Of(input.Layer, _blockSize))
        {
            var block = Block(fisher, input, gradients, start, length);
            for (var i = 0; i < length; i++)
            {
                scores[start + i] = (float)block.Rise(i);
            }

            if (input.Units is not { BlockRows: 1, BlockColumns: 1 })
            {
                Share(input, start, block, scores.Slice(start, length));
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The gradients of samples are missing, of wrong length or not finite, or the dampening is too small for them.
    /// </exception>
    public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
    {
        var gradients = Gradients(input);
        var fisher = new InverseFisher(Math.Min(_blockSize, input.Weights.Length));
        var result = input.Weights.ToArray();
        foreach (var (start, length) in FisherBlocks.Of(input.Layer, _blockSize))
        {
            var pruned = Pruned(input.Mask.Slice(start, length), mask.Slice(start, length));
            if (pruned.Length > 0)
            {
                var block = Block(fisher, input, gradients, start, length);
                var solution = block.Solve(pruned) ?? throw Singular(input);
                for (var i = 0; i < length; i++)
                {
                    result[start + i] = (float)(result[start + i] + block.Change(i, pruned, solution));
                }
            }
        }

        for (var i = 0; i < result.Length; i++)
        {
            weights[i] = mask[i] ? result[i] : 0;
        }
    }

    private static ReadOnlySpan<float> Gradients(ScoreInput input)
    {
        var gradients = input.Evidence.SampleGradients;
        var samples = Math.Max(1, gradients.Length / input.Layer.WeightCount);
        return FiniteEvidence.Read(input.Layer, gradients, samples * input.Layer.WeightCount, "the gradients of single samples");
    }

    private FisherBlock Block(InverseFisher fisher, ScoreInput input, ReadOnlySpan<float> gradients, int start, int length)
    {
        var inverse = fisher.Of(gradients, input.Weights.Length, start, input.Mask.Slice(start, length), _dampening);
        return inverse.IsEmpty
            ? throw Singular(input)
            : new FisherBlock { Inverse = inverse, Weights = input.Weights.Slice(start, length) };
    }

    /// <summary>
    /// Shares the score of each unit among its active weights. A unit that several Fisher blocks share rises by the sum of its parts: F
    /// has no entry between them.
    /// </summary>
    private void Share(ScoreInput input, int start, FisherBlock block, Span<float> scores)
    {
        var grid = input.Units;
        var units = new Dictionary<int, List<int>>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (input.Mask[start + i])
            {
                var (row, column) = Math.DivRem(start + i, input.Layer.InFeatures);
                var unit = grid.FirstBlock(row) + (column / grid.BlockColumns);
                units.TryAdd(unit, []);
                units[unit].Add(i);
            }
        }

        foreach (int[] places in units.Values.Select(static unit => unit.ToArray()))
        {
            var solution = block.Solve(places) ?? throw Singular(input);
            foreach (var i in places)
            {
                scores[i] = (float)(block.Rise(places, solution) / places.Length);
            }
        }
    }

    private static int[] Pruned(ReadOnlySpan<bool> former, ReadOnlySpan<bool> mask)
    {
        var pruned = new List<int>();
        for (var i = 0; i < mask.Length; i++)
        {
            if (former[i] && !mask[i])
            {
                pruned.Add(i);
            }
        }

        return [.. pruned];
    }

    private ArgumentException Singular(ScoreInput input) => FiniteEvidence.Singular(input.Layer, "gradients", _dampening);
}
