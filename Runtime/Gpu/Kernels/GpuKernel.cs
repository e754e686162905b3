using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Formats;

namespace KernelGen.Gpu.Kernels;

/// <summary>An emitted GPU kernel and what the runtime must know to feed it.</summary>
/// <param name="name">What a user reads in a plan: the kernel's method.</param>
/// <param name="method">
/// Takes activations [in][stride], the pack's starts, places and values, the bias, receives activations [out][stride], and takes the stride, a
/// multiple of 32.
/// </param>
/// <param name="format">How the kernel wants its weights.</param>
/// <param name="groupRows">Rows of a group of threads.</param>
/// <param name="groupSamples">Samples of a group of threads.</param>
/// <param name="threads">Threads of a group.</param>
/// <param name="relativeCost">Time of a stored weight, over that of a weight in the dense kernel.</param>
public sealed class GpuKernel(
    string name,
    Action<ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> method,
    GpuFormat format,
    int groupRows,
    int groupSamples,
    int threads,
    double relativeCost)
{
    private const int MultiprocessorGroups = 2;

    /// <summary>What a user reads in a plan.</summary>
    public string Name { get; } = name;

    /// <summary>The method that ILGPU compiles.</summary>
    public Action<ArrayView<float>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> Method { get; } = method;

    /// <summary>How the kernel wants its weights.</summary>
    public GpuFormat Format { get; } = format;

    /// <summary>Rows of a group of threads.</summary>
    public int GroupRows { get; } = groupRows;

    /// <summary>Samples of a group of threads.</summary>
    public int GroupSamples { get; } = groupSamples;

    /// <summary>Threads of a group.</summary>
    public int Threads { get; } = threads;

    /// <summary>Time of a stored weight, over that of a weight in the dense kernel.</summary>
    public double RelativeCost { get; } = relativeCost;

    /// <summary>What the device's compiler may count on: the threads of a group, and two groups on a multiprocessor.</summary>
    internal KernelSpecialization Specialization => new(Threads, MultiprocessorGroups);

    /// <summary>Groups over all rows of a layer and all samples of a stride.</summary>
    internal (int Samples, int Rows) Grid(int rows, int stride) => (((stride - 1) / GroupSamples) + 1, ((rows - 1) / GroupRows) + 1);
}
