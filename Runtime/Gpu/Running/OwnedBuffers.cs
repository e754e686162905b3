using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>Buffers that go together.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="what">What they are for, such as "the weights of layer 'Fc1'".</param>
internal sealed class OwnedBuffers(Accelerator accelerator, string what) : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>A buffer with a copy of an array.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(T[] data)
        where T : unmanaged
        => Own(DeviceMemory.Upload(accelerator, data, what));

    /// <summary>A buffer of at least one element.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Allocate(long length) => Own(DeviceMemory.Allocate<float>(accelerator, length, what));

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private TBuffer Own<TBuffer>(TBuffer buffer)
        where TBuffer : IDisposable
    {
        _buffers.Add(buffer);
        return buffer;
    }
}
