namespace KernelGen.Pruning;

/// <summary>
/// Scores a weight by how much the layer's outputs change when it goes and the weights to its right in the row make up for it: w^2 /
/// U_jj^2, where U is the upper Cholesky factor of H^-1 and H = 2 (mean of x x^T) + damping. Compensation goes over the inputs from left
/// to right, as the authors' does.
/// </summary>
/// <remarks>
/// The groups of an N:M layer are scored one after the other, with the weights as the groups to their left leave them, pruned to N of M.
/// An input that is always 0 scores 0: its weights go first, and stay as they are where the mask keeps them. Everything is computed in
/// double precision.
/// </remarks>
public sealed class SparseGptCriterion : ICompensatingCriterion
{
    private readonly int _blockSize;
    private readonly double _dampening;

    /// <summary>SparseGPT with blocks of some size.</summary>
    /// <param name="blockSize">Inputs in a block: <see cref="Prune"/> chooses what goes block by block.</param>
    /// <param name="dampening">What is added to the diagonal of H, as a share of its mean; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public SparseGptCriterion(int blockSize = 128, double dampening = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        if (!(dampening >= 0 && double.IsFinite(dampening)))
        {
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "The dampening of SparseGPT must be a number from 0 on.");
        }

        _blockSize = blockSize;
        _dampening = dampening;
    }

    /// <inheritdoc/>
    public Evidence Needs => Evidence.InputGram;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The products of inputs are missing, of wrong length or not finite, the dampening is too small for them, or a weight isn't finite.
    /// </exception>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var sweep = new ColumnSweep(input, _dampening);
        if (input.Layer.Pattern is NMPattern pattern)
        {
            ChooseGroups(sweep, input.Layer, pattern, input.Mask.ToArray(), scores);
            return;
        }

        for (var row = 0; row < input.Layer.OutFeatures; row++)
        {
            sweep.Score(row, 0, scores.Slice(row * input.Layer.InFeatures, input.Layer.InFeatures));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The products of inputs are missing, of wrong length or not finite, the dampening is too small for them, or a weight isn't finite.
    /// </exception>
    public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
    {
        var sweep = new ColumnSweep(input, _dampening);
        foreach (var (first, length) in Blocks(input.Layer.InFeatures, _blockSize))
        {
            SettleBlock(sweep, input.Layer, first, length, mask);
        }

        Write(sweep, mask, weights);
    }

    /// <summary>
    /// Prunes an unstructured or N:M layer to its pattern as the authors do, in one pass: what goes is chosen block by block (N:M: group
    /// by group), with the weights as the blocks to the left leave them. Each block of inputs gets the layer's sparsity.
    /// </summary>
    /// <param name="input">The layer.</param>
    /// <param name="mask">Receives the mask, row-major [out, in]: a part of the layer's.</param>
    /// <param name="weights">Receives the weights, row-major [out, in]; 0 where pruned.</param>
    /// <exception cref="ArgumentException">
    /// The layer's pattern is another one; the products of inputs are missing, of wrong length or not finite, the dampening is too small
    /// for them, or a weight isn't finite.
    /// </exception>
    public void Prune(ScoreInput input, Span<bool> mask, Span<float> weights)
    {
        if (input.Layer.Pattern is not (NMPattern or UnstructuredPattern))
        {
            throw new ArgumentException(
                $"Layer '{input.Layer.Name}' is {input.Layer.Pattern}: SparseGPT chooses as it goes for unstructured and N:M layers only. "
                + "Prune it by the scores, and call Compensate.");
        }

        var sweep = new ColumnSweep(input, _dampening);
        input.Mask.CopyTo(mask);
        if (input.Layer.Pattern is NMPattern pattern)
        {
            ChooseGroups(sweep, input.Layer, pattern, mask, new float[mask.Length]);
        }
        else
        {
            ChooseBlocks(sweep, input.Layer, mask);
        }

        Write(sweep, mask, weights);
    }

    private void ChooseGroups(ColumnSweep sweep, LayerDescriptor layer, NMPattern pattern, Span<bool> mask, Span<float> scores)
    {
        // Rows take turns block by block, so that a block of the triangle stays in the cache; a group lies in one block.
        var blockSize = Math.Max(1, _blockSize / pattern.M) * pattern.M;
        foreach (var (first, length) in Blocks(layer.InFeatures, blockSize))
        {
            for (var row = 0; row < layer.OutFeatures; row++)
            {
                for (var column = first; column < first + length; column += pattern.M)
                {
                    var group = Math.Min(pattern.M, first + length - column);
                    var groupScores = scores.Slice((row * layer.InFeatures) + column, group);
                    var groupMask = mask.Slice((row * layer.InFeatures) + column, group);
                    sweep.Score(row, column, groupScores);
                    NMMask.Keep(groupScores, group, group, pattern.N, groupMask);
                    sweep.Settle(row, column, groupMask);
                }
            }
        }
    }

    private void ChooseBlocks(ColumnSweep sweep, LayerDescriptor layer, Span<bool> mask)
    {
        var (rows, columns) = (layer.OutFeatures, layer.InFeatures);
        var kept = 0L;
        foreach (var (first, length) in Blocks(columns, _blockSize))
        {
            var scores = new float[rows * length];
            var blockMask = new bool[rows * length];
            for (var row = 0; row < rows; row++)
            {
                sweep.Score(row, first, scores.AsSpan(row * length, length));
                mask.Slice((row * columns) + first, length).CopyTo(blockMask.AsSpan(row * length));
            }

            // What is kept so far is the nearest number at every block's end, and so at the layer's.
            var count = Count.Nearest((1 - layer.Pattern.TargetSparsity) * rows * (first + length)) - kept;
            UnstructuredMask.Keep(scores, count, blockMask);
            kept += count;
            for (var row = 0; row < rows; row++)
            {
                blockMask.AsSpan(row * length, length).CopyTo(mask[((row * columns) + first)..]);
            }

            SettleBlock(sweep, layer, first, length, mask);
        }
    }

    private static void SettleBlock(ColumnSweep sweep, LayerDescriptor layer, int first, int length, ReadOnlySpan<bool> mask)
    {
        for (var row = 0; row < layer.OutFeatures; row++)
        {
            sweep.Settle(row, first, mask.Slice((row * layer.InFeatures) + first, length));
        }
    }

    private static void Write(ColumnSweep sweep, ReadOnlySpan<bool> mask, Span<float> weights)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            weights[i] = mask[i] ? (float)sweep.Weights[i] : 0;
        }
    }

    private static IEnumerable<(int First, int Length)> Blocks(int columns, int size)
    {
        for (var first = 0; first < columns; first += size)
        {
            yield return (first, Math.Min(size, columns - first));
        }
    }
}
