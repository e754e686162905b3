using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Formats;

namespace KernelGen.Gpu.Kernels;

/// <summary>The emitted kernels of a layer's weight gradient, at the mask, and of its bias gradient.</summary>
/// <param name="name">What a user reads.</param>
/// <param name="weights">
/// Takes X [in][stride], dZ [out][stride], the mask's windows, rows, places and targets, receives the active weights' gradients, and takes batch and stride.
/// What lies behind the batch counts as 0.
/// </param>
/// <param name="biases">Takes dZ, receives the sums of its rows, and takes batch and stride: a row for each of 8 warps.</param>
/// <param name="format">How the kernel wants the mask.</param>
/// <param name="threads">Threads of a group.</param>
public sealed class GpuSampledKernel(
    string name,
    Action<ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<float>, int, int> weights,
    Action<ArrayView<float>, ArrayView<float>, int, int> biases,
    SampledGpuFormat format,
    int threads)
{
    /// <summary>Threads of a group that sums the gradients of biases.</summary>
    internal const int BiasThreads = 256;

    /// <summary>Biases of such a group.</summary>
    internal const int GroupBiases = 8;

    private const int MultiprocessorGroups = 2;

    /// <summary>What a user reads.</summary>
    public string Name { get; } = name;

    /// <summary>The method of the weight gradient that ILGPU compiles.</summary>
    public Action<ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<float>, int, int> Weights { get; } = weights;

    /// <summary>The method of the bias gradient that ILGPU compiles.</summary>
    public Action<ArrayView<float>, ArrayView<float>, int, int> Biases { get; } = biases;

    /// <summary>How the kernel wants the mask.</summary>
    public SampledGpuFormat Format { get; } = format;

    /// <summary>Threads of a group.</summary>
    public int Threads { get; } = threads;

    /// <summary>What the device's compiler may count on: the threads of a group, and two groups on a multiprocessor.</summary>
    internal KernelSpecialization Specialization => new(Threads, MultiprocessorGroups);
}
