using System.Reflection;
using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>An emitted kernel to compile for NVIDIA's GPUs.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Method">The method.</param>
/// <param name="Specialization">What the compiler is told.</param>
/// <param name="Threads">Threads of a group.</param>
internal sealed record PtxKernel(string Name, MethodInfo Method, KernelSpecialization Specialization, int Threads)
{
    /// <summary>All of a one-layer model: forward, input gradient, weight gradient, bias gradient, each sparse where the layer is; and its activation alone.</summary>
    public static IEnumerable<PtxKernel> Of(GpuLayerKernels layer)
    {
        var gradients = layer.Gradients!;
        foreach (var kernel in (layer.Sparse ?? layer.Dense).Concat(gradients.SparseInput ?? gradients.DenseInput))
        {
            yield return new PtxKernel(kernel.Name, kernel.Method.Method, kernel.Specialization, kernel.Threads);
        }

        var weights = gradients.Weights;
        yield return new PtxKernel(weights.Name, weights.Weights.Method, weights.Specialization, weights.Threads);
        yield return new PtxKernel(weights.Name.Replace(".Weights", ".Biases", StringComparison.Ordinal), weights.Biases.Method, KernelSpecialization.Empty, GpuSampledKernel.BiasThreads);
        if (gradients.Activation is { } activation)
        {
            yield return new PtxKernel(activation.Slope.Method.Name, activation.Slope.Method, KernelSpecialization.Empty, ElementwiseKernels.Threads);
        }
    }
}
