using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Running;

/// <summary>What a layer's gradients take on a device: W^T, the mask, and the activation.</summary>
internal sealed class GpuLayerGradients : IDisposable
{
    public GpuLayerGradients(Accelerator accelerator, LayerState state, GpuProduct forward, GpuSampledProduct weights, GpuGradientKernels kernels)
    {
        Weights = weights;
        var layer = state.Descriptor;
        var turned = layer with { InFeatures = layer.OutFeatures, OutFeatures = layer.InFeatures, Bias = false, Activation = Activation.None };
        if ((forward.Plan.IsSparse ? kernels.SparsePreactivation : kernels.DensePreactivation) is { } preactivation)
        {
            Preactivation = forward.With(preactivation);
        }

        Elementwise = kernels.Activation is null ? null : new GpuElementwise(accelerator, kernels.Activation);
        Input = GpuProduct.Upload(accelerator, turned, state.Weights.Transpose(), [], kernels.SparseInput, kernels.DenseInput);
    }

    /// <summary>The input gradient: W^T dZ, times the slope of the activation before.</summary>
    public GpuProduct Input { get; }

    /// <summary>The gradients of weights and biases, which the layer owns: a mask may outlive its weights.</summary>
    public GpuSampledProduct Weights { get; }

    /// <summary>What the activation takes, where its slope is told from that; null where it is told from its result.</summary>
    public GpuProduct? Preactivation { get; }

    /// <summary>The activation, and its slope, alone; null where there is none.</summary>
    public GpuElementwise? Elementwise { get; }

    public void Dispose() => Input.Dispose();
}
