using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>Allocates on a device, and says clearly where that fails.</summary>
internal static class DeviceMemory
{
    /// <summary>Replaces the device's own allocation, for tests.</summary>
    public static IDeviceAllocator? Allocator { get; set; }

    /// <summary>A buffer of at least one element.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="length">Elements.</param>
    /// <param name="what">What it is for, such as "the weights of layer 'Fc1'".</param>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, long length, string what)
        where T : unmanaged
    {
        // Devices refuse empty buffers.
        length = Math.Max(1, length);
        var bytes = length * sizeof(float);
        if (bytes > accelerator.MemorySize)
        {
            throw Insufficient(accelerator, bytes, what, null);
        }

        try
        {
            return Allocator is { } allocator ? allocator.Allocate<T>(accelerator, length) : accelerator.Allocate1D<T>(length);
        }
        catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
        {
            throw Insufficient(accelerator, bytes, what, e);
        }
    }

    /// <summary>A buffer with a copy of an array.</summary>
    /// <inheritdoc cref="Allocate{T}(Accelerator, long, string)"/>
    public static MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(Accelerator accelerator, T[] data, string what)
        where T : unmanaged
    {
        var buffer = Allocate<T>(accelerator, data.Length, what);
        if (data.Length > 0)
        {
            buffer.View.CopyFromCPU(data);
        }

        return buffer;
    }

    private static InsufficientMemoryException Insufficient(Accelerator accelerator, long bytes, string what, Exception? inner)
        => new(
            FormattableString.Invariant($"The device {accelerator.Name} has no room for {what}: {bytes:N0} bytes of its {accelerator.MemorySize:N0}. ")
                + "Use smaller batches or another device; the model itself is as it was.",
            inner!);
}
