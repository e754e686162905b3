using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Torch;

/// <summary>Adam (Kingma and Ba 2014, arXiv 1412.6980) and AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101), with torch's order of operations.</summary>
/// <param name="beta1">Share of the mean of gradients that stays.</param>
/// <param name="beta2">Share of the mean of their squares that stays.</param>
/// <param name="eps">What is added to the root of that.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="step">Steps done, this one included.</param>
/// <param name="penalty">What part of a weight its gradient gets: Adam's weight decay.</param>
/// <param name="kept">What part of a weight stays: AdamW's weight decay.</param>
/// <param name="maximize">Whether to go uphill.</param>
internal readonly struct AdamRule(
    double beta1, double beta2, double eps, double rate, long step, double penalty, double kept, bool maximize) : IUpdateRule
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<Vector<float>> weights, ReadOnlySpan<Vector<float>> gradient, Span<Vector<float>> first, Span<Vector<float>> second)
    {
        var (stays1, joins1) = (new Vector<float>((float)beta1), new Vector<float>((float)(1 - beta1)));
        var (stays2, joins2) = (new Vector<float>((float)beta2), new Vector<float>((float)(1 - beta2)));
        var correction = new Vector<float>((float)Math.Sqrt(1 - Math.Pow(beta2, step)));
        var stepSize = new Vector<float>((float)(rate / (1 - Math.Pow(beta1, step))));
        var (added, decay, stays) = (new Vector<float>((float)eps), new Vector<float>((float)penalty), new Vector<float>((float)kept));
        var sign = new Vector<float>(maximize ? -1f : 1f);
        for (var i = 0; i < weights.Length; i++)
        {
            var w = weights[i];
            var g = (gradient[i] * sign) + (w * decay);
            var m = (first[i] * stays1) + (g * joins1);
            var v = (second[i] * stays2) + (g * g * joins2);
            first[i] = m;
            second[i] = v;
            weights[i] = (w * stays) - (m / ((Vector.SquareRoot(v) / correction) + added) * stepSize);
        }
    }
}
