using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Running;

/// <summary>The buffers of one stream.</summary>
internal sealed class GpuScratch(Accelerator accelerator, AcceleratorStream stream, ModelDescriptor model, int mostFeatures) : IDisposable
{
    private readonly GrowingBuffer _first = new(accelerator, stream, "activations");
    private readonly GrowingBuffer _second = new(accelerator, stream, "activations");
    private readonly GrowingBuffer _input = new(accelerator, stream, "the input");
    private readonly GrowingBuffer _output = new(accelerator, stream, "the output");

    /// <summary>Activations [features][stride], which layers read and write by turns.</summary>
    public (ArrayView<float> First, ArrayView<float> Second) Activations(int stride)
        => (_first.Of((long)mostFeatures * stride), _second.Of((long)mostFeatures * stride));

    /// <summary>A caller's batch on the device: [batch, in] and [batch, out].</summary>
    public (ArrayView<float> Input, ArrayView<float> Output) Ends(int batch)
        => (_input.Of((long)batch * model.InFeatures), _output.Of((long)batch * model.OutFeatures));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _input.Dispose();
        _output.Dispose();
    }
}
