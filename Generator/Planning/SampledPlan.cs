using System;

namespace KernelGen.Generator.Planning;

/// <summary>The weight gradient's kernel of a target: dW = dY X^T at the active weights alone (SDDMM), samples in lanes.</summary>
/// <param name="Target">The instruction set.</param>
/// <param name="BlockColumns">Columns of a block: their activations should stay in L1 while all rows use them.</param>
/// <param name="Vectors">Vectors of samples of a row's gradient that stay in registers.</param>
internal sealed record SampledPlan(Target Target, int BlockColumns, int Vectors)
{
    /// <summary>The emitted class.</summary>
    public string ClassName => "SampledCsr" + Target.Name;

    /// <summary>Samples that the kernel takes at a time.</summary>
    public int Samples => Vectors * Target.Lanes;

    public static SampledPlan Of(Target target) => target.Name switch
    {
        "Scalar" => new(target, 256, 8),
        "Neon" => new(target, 64, 16),
        "Avx2" => new(target, 64, 8),
        "Avx512" => new(target, 80, 8),
        _ => throw new InvalidOperationException($"No plan of the weight gradient for {target.Name}."),
    };
}
