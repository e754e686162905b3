using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>A buffer of one stream, whose work runs in order and can share it. It grows with the batch.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="stream">The stream.</param>
/// <param name="what">What it is for, such as "activations".</param>
internal sealed class GrowingBuffer(Accelerator accelerator, AcceleratorStream stream, string what) : IDisposable
{
    private MemoryBuffer1D<float, Stride1D.Dense>? _buffer;

    /// <summary>So many floats, at least one.</summary>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public ArrayView<float> Of(long length)
    {
        if (_buffer is null || _buffer.Length < length)
        {
            // Work in flight may still use the smaller one.
            stream.Synchronize();
            _buffer?.Dispose();
            _buffer = null;
            _buffer = DeviceMemory.Allocate<float>(accelerator, length, what);
        }

        return _buffer.View.SubView(0, Math.Max(1, length)).BaseView;
    }

    public void Dispose() => _buffer?.Dispose();
}
