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
    /// <summary>All of a model: those of its layers, and of its ends.</summary>
    public static IEnumerable<PtxKernel> AllOf(GpuNetwork network)
    {
        var ends = network.Transforms;
        return
        [
            .. network.Layers.SelectMany(Of),
            .. new[] { ends.FromRowMajor, ends.ToRowMajor, ends.FromFeatureMajor, ends.ToFeatureMajor }.Select(end => Alone(end.Method, TransformKernels.Threads)),
        ];
    }

    /// <summary>
    /// Of a layer: forward, input gradient, weight gradient, bias gradient, its activation and slope alone; also those of a dense layer of the same shape, and
    /// those of what its activation takes.
    /// </summary>
    private static IEnumerable<PtxKernel> Of(GpuLayerKernels layer)
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
            yield return Alone(activation.Slope.Method, ElementwiseKernels.Threads);
            if (activation.Apply is { } apply)
            {
                yield return Alone(apply.Method, ElementwiseKernels.Threads);
            }
        }
    }

    // One that all shapes share.
    private static PtxKernel Alone(MethodInfo method, int threads) => new(method.Name, method, KernelSpecialization.Empty, threads);
}
