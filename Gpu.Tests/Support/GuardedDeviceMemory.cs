using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using KernelGen.Gpu.Running;
using KernelGen.Runtime.Tests;

namespace KernelGen.Gpu.Tests;

/// <summary>
/// Puts every buffer of one device that computes in the host's memory, as the simulation and PoCL do, between two pages that can't be touched, flush with one of
/// them: one element beyond ends the process. Buffers begin as NaN, or as numbers that point nowhere. Other devices, which other tests use meanwhile, keep their own
/// buffers. Tests that install it are of one collection.
/// </summary>
internal sealed class GuardedDeviceMemory : IDeviceAllocator, IDisposable
{
    private readonly Accelerator _accelerator;
    private readonly bool _isFlushWithEnd;

    private GuardedDeviceMemory(Accelerator accelerator, bool isFlushWithEnd)
    {
        _accelerator = accelerator;
        _isFlushWithEnd = isFlushWithEnd;
        DeviceMemory.Allocator = this;
    }

    /// <summary>Guards all buffers that are allocated until the result is disposed; null where a device's memory can't be guarded.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="isFlushWithEnd">Whether the guard follows the last element; else it precedes the first.</param>
    public static GuardedDeviceMemory? Install(Accelerator accelerator, bool isFlushWithEnd)
        => OperatingSystem.IsLinux() && IsInHostMemory(accelerator) ? new(accelerator, isFlushWithEnd) : null;

    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, long length)
        where T : unmanaged
    {
        if (accelerator != _accelerator)
        {
            return accelerator.Allocate1D<T>(length);
        }

        var size = Interop.SizeOf<T>();
        var pages = new GuardedPages(length * size, _isFlushWithEnd);
        MemoryBuffer memory = accelerator is CLAccelerator device
            ? InHostMemory(device, pages.Address, length, size)
            : CPUMemoryBuffer.Create(accelerator, pages.Address, length, size);
        memory.AsRawArrayView().MemSet(accelerator.DefaultStream, 0xFF);
        accelerator.DefaultStream.Synchronize();
        return new Buffer<T>(accelerator, new ArrayView1D<T, Stride1D.Dense>(new ArrayView<T>(memory, 0, length), length, default), pages);
    }

    public void Dispose() => DeviceMemory.Allocator = null;

    private static bool IsInHostMemory(Accelerator accelerator)
        => accelerator is CPUAccelerator or CLAccelerator { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU };

    /// <summary>ILGPU knows no buffers in memory of the caller's: one of its own, pointed at another.</summary>
    private static CLMemoryBuffer InHostMemory(CLAccelerator device, nint address, long length, int size)
    {
        const CLBufferFlags Flags = CLBufferFlags.CL_MEM_READ_WRITE | CLBufferFlags.CL_MEM_USE_HOST_PTR;
        var buffer = new CLMemoryBuffer(device, length, size);
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.CreateBuffer(device.NativePtr, Flags, new nint(length * size), address, out var guarded));
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.ReleaseBuffer(buffer.NativePtr));
        typeof(MemoryBuffer).GetProperty(nameof(MemoryBuffer.NativePtr), BindingFlags.Instance | BindingFlags.Public)!.SetValue(buffer, guarded);
        return buffer;
    }

    /// <summary>Keeps the pages as long as the buffer.</summary>
    private sealed class Buffer<T>(Accelerator accelerator, in ArrayView1D<T, Stride1D.Dense> view, GuardedPages pages)
        : MemoryBuffer1D<T, Stride1D.Dense>(accelerator, view)
        where T : unmanaged
    {
        protected override void DisposeAcceleratorObject(bool disposing)
        {
            base.DisposeAcceleratorObject(disposing);
            GC.KeepAlive(pages);
        }
    }
}
