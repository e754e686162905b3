using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Torch;

/// <summary>Gradient descent with momentum, with torch's order of operations.</summary>
/// <param name="rate">What part of the direction is added: the learning rate, negative to go downhill.</param>
/// <param name="momentum">Share of the direction that stays.</param>
/// <param name="fresh">Share of the gradient that joins it.</param>
/// <param name="nesterov">Whether to look ahead.</param>
/// <param name="penalty">What part of a weight its gradient gets: weight decay.</param>
internal readonly struct SgdRule(double rate, double momentum, double fresh, bool nesterov, double penalty) : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<Vector<float>> weights, ReadOnlySpan<Vector<float>> gradient, Span<Vector<float>> first, Span<Vector<float>> second)
    {
        var (step, decay) = (new Vector<float>((float)rate), new Vector<float>((float)penalty));
        if (first.IsEmpty)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] += (gradient[i] + (weights[i] * decay)) * step;
            }

            return;
        }

        var (stays, joins) = (new Vector<float>((float)momentum), new Vector<float>((float)fresh));
        var ahead = new Vector<float>((float)(nesterov ? momentum : 1));
        var own = new Vector<float>(nesterov ? 1f : 0f);
        for (var i = 0; i < weights.Length; i++)
        {
            var w = weights[i];
            var g = gradient[i] + (w * decay);
            var direction = (first[i] * stays) + (g * joins);
            first[i] = direction;
            weights[i] = w + (((g * own) + (direction * ahead)) * step);
        }
    }
}
