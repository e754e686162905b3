namespace KernelGen.Pruning;

/// <summary>A criterion that makes up for what is pruned, by changing the weights that stay.</summary>
public interface ICompensatingCriterion : ICriterion
{
    /// <summary>Changes the weights that stay so that the layer, or the loss, changes least.</summary>
    /// <param name="input">The layer before weights were pruned: its weights, its mask then, and what is known about it.</param>
    /// <param name="mask">The mask from now on, row-major [out, in]: a part of the former.</param>
    /// <param name="weights">The weights, row-major [out, in]; changed in place, and 0 where pruned.</param>
    void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights);
}
