using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu;

/// <summary>A model for which the build emitted GPU kernels: those of every project that references KernelGen.Gpu.</summary>
public interface IGpuModel : ISparseModel
{
    /// <summary>The kernels of the model's layers.</summary>
    GpuNetwork GpuNetwork { get; }
}
