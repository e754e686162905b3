using System.Numerics;

namespace KernelGen.Torch;

/// <summary>How an optimiser updates weights.</summary>
internal interface IUpdateRule
{
    /// <summary>Updates vectors of weights, and what is remembered of them.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">Their gradient, as long.</param>
    /// <param name="first">What is remembered of them, as long; or empty, where the rule remembers nothing.</param>
    /// <param name="second">What else is, likewise.</param>
    void Update(Span<Vector<float>> weights, ReadOnlySpan<Vector<float>> gradient, Span<Vector<float>> first, Span<Vector<float>> second);
}
