using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Pruning;

/// <summary>Where the gradient is largest, a weight would help most (RigL: Evci et al. 2020, arXiv 1911.11134).</summary>
public sealed class GradientGrowth : IGrowth
{
    /// <inheritdoc/>
    public bool NeedsGradient => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(GrowthInput input, Span<float> scores)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(input.Gradient);
        var to = MemoryMarshal.Cast<float, Vector<float>>(scores);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = Vector.Abs(from[i]);
        }

        for (var i = to.Length * Vector<float>.Count; i < scores.Length; i++)
        {
            scores[i] = MathF.Abs(input.Gradient[i]);
        }
    }
}
