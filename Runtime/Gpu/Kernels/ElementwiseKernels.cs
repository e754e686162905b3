using ILGPU;

namespace KernelGen.Gpu.Kernels;

/// <summary>
/// An activation and its slope, where no product is fused with them. Each takes what was kept (the activation's result, or what it took where the result hides the
/// slope), a gradient, the target and the number of elements, a multiple of 4, in groups of <see cref="Threads"/> for 4 elements each.
/// </summary>
/// <param name="slope">The gradient times the slope.</param>
/// <param name="apply">The activation of what was kept; null where its result is kept.</param>
public sealed class ElementwiseKernels(
    Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, int> slope, Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, int>? apply)
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Elements of a thread.</summary>
    public const int Elements = 4;

    /// <summary>The gradient times the slope.</summary>
    public Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, int> Slope { get; } = slope;

    /// <summary>The activation of what was kept; null where its result is kept.</summary>
    public Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, int>? Apply { get; } = apply;
}
