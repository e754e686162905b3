using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>The buffers of one stream, whose work runs in order and can share them. They grow with the batch.</summary>
internal sealed class GpuScratch(Accelerator accelerator, AcceleratorStream stream, ModelDescriptor model, int mostFeatures) : IDisposable
{
    private MemoryBuffer1D<float, Stride1D.Dense>? _first;
    private MemoryBuffer1D<float, Stride1D.Dense>? _second;
    private MemoryBuffer1D<float, Stride1D.Dense>? _input;
    private MemoryBuffer1D<float, Stride1D.Dense>? _output;

    /// <summary>Activations [features][stride], which layers read and write by turns.</summary>
    public (MemoryBuffer1D<float, Stride1D.Dense> First, MemoryBuffer1D<float, Stride1D.Dense> Second) Activations(int stride)
    {
        var length = (long)mostFeatures * stride;
        return (Grow(ref _first, length, "activations"), Grow(ref _second, length, "activations"));
    }

    /// <summary>A caller's batch on the device: [batch, in] and [batch, out].</summary>
    public (MemoryBuffer1D<float, Stride1D.Dense> Input, MemoryBuffer1D<float, Stride1D.Dense> Output) Ends(int batch)
        => (Grow(ref _input, (long)batch * model.InFeatures, "the input"), Grow(ref _output, (long)batch * model.OutFeatures, "the output"));

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        _input?.Dispose();
        _output?.Dispose();
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Grow(ref MemoryBuffer1D<float, Stride1D.Dense>? buffer, long length, string what)
    {
        if (buffer is null || buffer.Length < length)
        {
            // Work in flight may still use the smaller one.
            stream.Synchronize();
            buffer?.Dispose();
            buffer = null;
            buffer = DeviceMemory.Allocate<float>(accelerator, length, what);
        }

        return buffer;
    }
}
