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
    /// <summary>
    /// Of a layer: forward, input gradient, weight gradient, bias gradient, its activation's slope alone; also those of a dense layer of the same shape, and
    /// those of what its activation takes.
    /// </summary>
    public static IEnumerable<PtxKernel> AllOf(GpuLayerKernels layer)
    {
        var gradients = layer.Gradients!;
        IReadOnlyList<GpuKernel>?[] products =
            [layer.Sparse, layer.Dense, gradients.SparseInput, gradients.DenseInput, gradients.SparsePreactivation, gradients.DensePreactivation];
        return [.. products.SelectMany(kernels => Of(kernels ?? [])), .. OfRest(gradients)];
    }

    private static IEnumerable<PtxKernel> Of(IEnumerable<GpuKernel> kernels)
        => kernels.Select(kernel => new PtxKernel(kernel.Name, kernel.Method.Method, kernel.Specialization, kernel.Threads));

    private static IEnumerable<PtxKernel> OfRest(GpuGradientKernels gradients)
    {
        var weights = gradients.Weights;
        yield return new PtxKernel(weights.Name, weights.Weights.Method, weights.Specialization, weights.Threads);
        yield return new PtxKernel(weights.Name.Replace(".Weights", ".Biases", StringComparison.Ordinal), weights.Biases.Method, KernelSpecialization.Empty, GpuSampledKernel.BiasThreads);
        if (gradients.Activation is { } activation)
        {
            yield return new PtxKernel(activation.Slope.Method.Name, activation.Slope.Method, KernelSpecialization.Empty, ElementwiseKernels.Threads);
        }
    }
}
