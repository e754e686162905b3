using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A layer on a device: its product, and once they are asked for what its gradients take. Its weights never change: new ones make a new layer.</summary>
internal sealed class GpuLayer(Accelerator accelerator, LayerState state, GpuLayerKernels kernels) : IDisposable
{
    private GpuSampledProduct? _mask;
    private GpuLayerGradients? _gradients;

    /// <summary>The weights that were uploaded.</summary>
    public LayerState State { get; } = state;

    /// <summary>The forward pass.</summary>
    public GpuProduct Forward { get; } = GpuProduct.Upload(accelerator, state.Descriptor, state.Weights, state.Bias, kernels.Sparse, kernels.Dense);

    /// <summary>What gradients take, uploaded when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">The model isn't marked for training.</exception>
    /// <exception cref="NotSupportedException">The layer has more inputs than the device takes.</exception>
    /// <exception cref="InsufficientMemoryException">It doesn't fit into the device's memory.</exception>
    public GpuLayerGradients Gradients => _gradients ??= UploadGradients();

    /// <summary>Takes from the layer that this one replaces the mask on the device, where it is the same.</summary>
    public void TakeMask(GpuLayer former)
    {
        if (former._mask is not null && State.Weights.HasMaskOf(former.State.Weights))
        {
            (_mask, former._mask) = (former._mask, null);
        }
    }

    public void Dispose()
    {
        _gradients?.Dispose();
        _mask?.Dispose();
        Forward.Dispose();
    }

    private GpuLayerGradients UploadGradients()
    {
        var layer = State.Descriptor;
        var emitted = kernels.Gradients ?? throw new InvalidOperationException(
            $"Layer '{layer.Name}' has no kernels of gradients: mark its model [SparseModel(Training = true)] and build again.");
        GridLimit.Check(accelerator, layer.Name, layer.InFeatures, "inputs", emitted.SparseInput, emitted.DenseInput);
        _mask ??= new GpuSampledProduct(accelerator, layer.Name, State.Weights, emitted.Weights);
        return new GpuLayerGradients(accelerator, State, Forward, _mask, emitted);
    }
}
