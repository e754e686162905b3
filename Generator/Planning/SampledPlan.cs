using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Planning;

/// <summary>The weight gradient's kernel of a target: dW = dY X^T at the active weights alone (SDDMM), pairs of rows, samples in lanes.</summary>
/// <param name="Target">The instruction set.</param>
/// <param name="BlockColumns">Columns of a block, at most 127: their activations should stay in L1 while all rows use them.</param>
/// <param name="DenseBlockColumns">The same of masks so dense that a pair of rows uses nearly all of them: no more than fit.</param>
/// <param name="Vectors">Vectors of samples of each row's gradient that stay in registers.</param>
/// <param name="RowsTogether">Whether registers hold the gradients of two rows.</param>
internal sealed record SampledPlan(Target Target, int BlockColumns, int DenseBlockColumns, int Vectors, bool RowsTogether)
{
    /// <summary>The emitted class.</summary>
    public string ClassName => "SampledCsr" + Target.Name;

    /// <summary>Products that wait, at least, before they are summed.</summary>
    public int Waiting => 4 * Target.Lanes;

    /// <summary>Lanes of products that wait: wide vectors are folded first, since half as wide they take half as long to store, to load and to shuffle.</summary>
    public int ProductLanes => Math.Min(Target.Lanes, Target.Avx2.Lanes);

    /// <summary>Products that wait at most: those of a pair come on top; whole vectors, of which the last is read whole.</summary>
    public int MostWaiting => Waiting + (2 * Math.Max(BlockColumns, DenseBlockColumns)) + Target.Lanes;

    /// <summary>Numbers that say where waiting products go: two for each row, and no pair comes without a product.</summary>
    public int RunNumbers => 4 * Waiting;

    /// <summary>Floats of scratch: the products that wait, where they go, and their sums.</summary>
    public int ScratchFloats => ((1 + ProductLanes) * MostWaiting) + RunNumbers;

    /// <summary>How many vectors of samples the bodies take at a time, the most first: small batches shouldn't pay for large ones.</summary>
    public IReadOnlyList<int> Bodies => [Vectors, Vectors / 2, Vectors / 4];

    public static SampledPlan Of(Target target) => target.Name switch
    {
        "Scalar" => new(target, 64, 64, 8, false),
        "Neon" => new(target, 64, 64, 8, true),
        "Avx2" => new(target, 64, 64, 8, false),
        "Avx512" => new(target, 80, 64, 8, true),
        _ => throw new InvalidOperationException($"No plan of the weight gradient for {target.Name}."),
    };
}
