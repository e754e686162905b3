using ILGPU;

namespace KernelGen.Gpu.Kernels;

/// <summary>
/// The emitted rearrangements at a model's ends. Each takes source, target, features, batch and stride, in groups of <see cref="Threads"/> for
/// <see cref="Side"/> samples by as many features.
/// </summary>
/// <param name="fromRowMajor">[batch][features] to [features][stride].</param>
/// <param name="toRowMajor">[features][stride] to [batch][features].</param>
/// <param name="fromFeatureMajor">[features][batch] to [features][stride].</param>
/// <param name="toFeatureMajor">[features][stride] to [features][batch].</param>
public sealed class TransformKernels(
    Action<ArrayView<float>, ArrayView<float>, int, int, int> fromRowMajor,
    Action<ArrayView<float>, ArrayView<float>, int, int, int> toRowMajor,
    Action<ArrayView<float>, ArrayView<float>, int, int, int> fromFeatureMajor,
    Action<ArrayView<float>, ArrayView<float>, int, int, int> toFeatureMajor)
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Samples and features of a group.</summary>
    public const int Side = 32;

    /// <summary>[batch][features] to [features][stride].</summary>
    public Action<ArrayView<float>, ArrayView<float>, int, int, int> FromRowMajor { get; } = fromRowMajor;

    /// <summary>[features][stride] to [batch][features].</summary>
    public Action<ArrayView<float>, ArrayView<float>, int, int, int> ToRowMajor { get; } = toRowMajor;

    /// <summary>[features][batch] to [features][stride].</summary>
    public Action<ArrayView<float>, ArrayView<float>, int, int, int> FromFeatureMajor { get; } = fromFeatureMajor;

    /// <summary>[features][stride] to [features][batch].</summary>
    public Action<ArrayView<float>, ArrayView<float>, int, int, int> ToFeatureMajor { get; } = toFeatureMajor;
}
