using System.Numerics;
using System.Runtime.InteropServices;

namespace KernelGen.Torch;

/// <summary>Updates weights and what an optimiser remembers of them in one pass over memory.</summary>
internal static class FusedStep
{
    /// <summary>Runs a step on all weights.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">Their gradient; may be longer, as all that follows.</param>
    /// <param name="first">What the rule remembers; empty if nothing.</param>
    /// <param name="second">What else it remembers; empty if nothing.</param>
    public static void Run<TRule>(TRule rule, Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TRule : struct, IUpdateRule
    {
        var whole = weights.Length / Vector<float>.Count * Vector<float>.Count;
        rule.Update(Vectors(weights[..whole]), Vectors(gradient[..whole]), Vectors(Slice(first, 0, whole)), Vectors(Slice(second, 0, whole)));

        // What is left, as the first lanes of vectors.
        var left = weights.Length - whole;
        if (left > 0)
        {
            Span<Vector<float>> rest = stackalloc Vector<float>[4];
            rest.Clear();
            Span<float> lastFirst = Slice(first, whole, left), lastSecond = Slice(second, whole, left);
            Span<Vector<float>> w = rest[..1], g = rest[1..2], m = lastFirst.IsEmpty ? [] : rest[2..3], v = lastSecond.IsEmpty ? [] : rest[3..];
            weights[whole..].CopyTo(Floats(w));
            gradient.Slice(whole, left).CopyTo(Floats(g));
            lastFirst.CopyTo(Floats(m));
            lastSecond.CopyTo(Floats(v));
            rule.Update(w, g, m, v);
            Floats(w)[..left].CopyTo(weights[whole..]);
            Floats(m)[..lastFirst.Length].CopyTo(lastFirst);
            Floats(v)[..lastSecond.Length].CopyTo(lastSecond);
        }
    }

    private static Span<float> Slice(Span<float> numbers, int start, int length) => numbers.IsEmpty ? numbers : numbers.Slice(start, length);

    private static Span<float> Floats(Span<Vector<float>> vectors) => MemoryMarshal.Cast<Vector<float>, float>(vectors);

    private static Span<Vector<float>> Vectors(Span<float> floats) => MemoryMarshal.Cast<float, Vector<float>>(floats);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> floats) => MemoryMarshal.Cast<float, Vector<float>>(floats);
}
