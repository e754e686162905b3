using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>A layer on a device: its product, and once they are asked for what its gradients take. Never changed: new weights make a new one.</summary>
internal sealed class GpuLayer(Accelerator accelerator, LayerState state, GpuLayerKernels kernels) : IDisposable
{
    private GpuLayerGradients? _gradients;

    /// <summary>The weights that were uploaded.</summary>
    public LayerState State { get; } = state;

    /// <summary>The forward pass.</summary>
    public GpuProduct Forward { get; } = GpuProduct.Upload(accelerator, state.Descriptor, state.Weights, state.Bias, kernels.Sparse, kernels.Dense);

    /// <summary>What gradients take, uploaded when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">The model isn't marked for training.</exception>
    /// <exception cref="InsufficientMemoryException">It doesn't fit into the device's memory.</exception>
    public GpuLayerGradients Gradients => _gradients ??= new GpuLayerGradients(
        accelerator,
        State,
        Forward,
        kernels.Gradients ?? throw new InvalidOperationException(
            $"Layer '{State.Descriptor.Name}' has no kernels of gradients: mark its model [SparseModel(Training = true)] and build again."));

    public void Dispose()
    {
        _gradients?.Dispose();
        Forward.Dispose();
    }
}
