using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Running;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>Runs one emitted kernel of a layer, with traps around what it may touch.</summary>
internal static class KernelRun
{
    private const float Canary = 12345;

    /// <summary>All kernels of a one-layer model.</summary>
    public static IEnumerable<(GpuKernel Kernel, bool IsSparse)> Kernels(IGpuModel model)
    {
        var layer = model.GpuNetwork.Layers[0];
        return (layer.Sparse ?? []).Select(kernel => (kernel, true)).Concat(layer.Dense.Select(kernel => (kernel, false)));
    }

    /// <summary>y [batch, out] of a row-major batch x. What lies behind the last sample is NaN, and must reach no other.</summary>
    public static float[] Run(Accelerator accelerator, Linear layer, GpuKernel kernel, float[] x, int batch)
    {
        var stride = (batch + 31) / 32 * 32;
        var (rows, columns) = (layer.OutFeatures, layer.InFeatures);
        var input = new float[columns * stride];
        Array.Fill(input, float.NaN);
        for (var i = 0; i < x.Length; i++)
        {
            input[(i % columns * stride) + (i / columns)] = x[i];
        }

        var state = layer.RequireState();
        using var loaded = GpuProduct.Upload(accelerator, layer.Descriptor, state.Weights, state.Bias, [kernel], isSparse: true, "test");
        using var source = DeviceMemory.Upload(accelerator, input, "x");
        // Where no guard follows y, rows that the kernel must leave alone.
        var canaries = new float[(rows + (DeviceMemory.Allocator is null ? 3 : 0)) * stride];
        Array.Fill(canaries, Canary);
        using var target = DeviceMemory.Upload(accelerator, canaries, "y");
        loaded.Run(accelerator.DefaultStream, source.View, target.View, stride);
        accelerator.Synchronize();

        var result = target.GetAsArray1D();
        Assert.All(result[(rows * stride)..], value => Assert.Equal(Canary, value));
        var y = Weights.Transpose(result[..(rows * stride)], rows, stride);
        return y[..(batch * rows)];
    }
}
