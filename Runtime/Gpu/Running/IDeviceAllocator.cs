using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>Where buffers on a device come from.</summary>
internal interface IDeviceAllocator
{
    /// <summary>A buffer of so many elements, at least one.</summary>
    MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, long length)
        where T : unmanaged;
}
