using ILGPU.Runtime;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>
/// Every emitted kernel of gradients against the double-precision oracle, on every device that the machine has, as <see cref="KernelTests"/> has it of the forward
/// kernels: in buffers between pages that can't be touched. What lies behind the last sample is NaN.
/// </summary>
[Collection(nameof(GuardedDeviceMemory))]
public sealed class GradientKernelTests
{
    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Weight_and_bias_gradients_match_the_oracle(string name, string device)
        => ForEachCase(name, device, (accelerator, layer, kernels, weights, x, dz, batch, context) =>
        {
            var expected = GradientReference.Values(weights, x, dz, batch);
            var stride = DeviceModel.StrideOf(batch);
            using var product = new GpuSampledProduct(accelerator, layer.Name, layer.RequireState().Weights, kernels.Weights);
            using var inputs = DeviceMemory.Upload(accelerator, Panels.Of(x, layer.InFeatures, batch, stride), "x");
            using var gradients = DeviceMemory.Upload(accelerator, Panels.Of(dz, layer.OutFeatures, batch, stride), "dz");
            using var values = DeviceMemory.Upload(accelerator, Panels.Filled(expected.Length), "dw");
            using var bias = DeviceMemory.Upload(accelerator, Panels.Filled(layer.OutFeatures), "db");
            product.Weights(accelerator.DefaultStream, inputs.View, gradients.View, values.View, batch, stride);
            product.Biases(accelerator.DefaultStream, gradients.View, bias.View, batch, stride);
            accelerator.Synchronize();
            AssertMatches(expected, values.GetAsArray1D(), $"dW, {context}");
            AssertMatches(GradientReference.Bias(weights, dz, batch), bias.GetAsArray1D(), $"db, {context}");
        });

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Input_gradients_match_the_oracle(string name, string device)
        => ForEachCase(name, device, (accelerator, layer, kernels, weights, _, dz, batch, context) =>
        {
            var expected = GradientReference.Input(weights, dz, batch);
            var stride = DeviceModel.StrideOf(batch);
            var turned = layer.Descriptor with { InFeatures = layer.OutFeatures, OutFeatures = layer.InFeatures, Bias = false };
            using var gradients = DeviceMemory.Upload(accelerator, Panels.Of(dz, layer.OutFeatures, batch, stride), "dz");
            foreach (var kernel in (kernels.SparseInput ?? []).Concat(kernels.DenseInput))
            {
                using var product = GpuProduct.Upload(accelerator, turned, layer.RequireState().Weights.Transpose(), [], [kernel], isSparse: true, "test");
                using var result = DeviceMemory.Upload(accelerator, Panels.Filled(layer.InFeatures * stride), "dx");
                product.Run(accelerator.DefaultStream, gradients.View, result.View, stride);
                accelerator.Synchronize();
                AssertMatches(expected, Weights.Transpose(result.GetAsArray1D(), layer.InFeatures, stride)[..(batch * layer.InFeatures)], $"dX by {kernel.Name}, {context}");
            }
        });

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void A_layer_without_active_weights_has_a_bias_gradient_alone(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = (Unstructured_37To53)KernelCases.Create("Unstructured_37To53", new Random(3), 0, out _);
        using var product = new GpuSampledProduct(
            lease.Accelerator, "Layer", model.Layer.RequireState().Weights, ((IGpuModel)model).GpuNetwork.Layers[0].Gradients!.Weights);
        using var dz = DeviceMemory.Upload(lease.Accelerator, Enumerable.Repeat(1f, 53 * 32).ToArray(), "dz");
        using var bias = DeviceMemory.Upload(lease.Accelerator, Panels.Filled(53), "db");
        product.Weights(lease.Accelerator.DefaultStream, dz.View, dz.View, bias.View, 2, 32);
        product.Biases(lease.Accelerator.DefaultStream, dz.View, bias.View, 2, 32);
        lease.Accelerator.Synchronize();
        Assert.All(bias.GetAsArray1D(), value => Assert.Equal(2, value));
    }

    private static void ForEachCase(string name, string device, Check check)
    {
        using var lease = TestDevices.Use(device);
        var isSimulated = device == TestDevices.Simulation;
        var seed = name.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var density in isSimulated ? new[] { 0.4 } : [0.1, 0.5, 1])
        {
            var model = KernelCases.Create(name, random, density, out var weights);
            KernelCases.SkipLarge(device, model);
            var layer = model.Layers[0];
            // Each batch has the guard behind once, and once in front; the simulation finds negative indices by itself, and is slow.
            foreach (var (batch, isFlushWithEnd) in isSimulated ? [(3, true)] : new[] { (1, density > 0.5), (45, density < 0.5), (260, density != 0.5) })
            {
                var (x, dz) = (Weights.Floats(random, batch * layer.InFeatures), Weights.Floats(random, batch * layer.OutFeatures));
                using var guard = GuardedDeviceMemory.Install(lease.Accelerator, isFlushWithEnd);
                check(
                    lease.Accelerator,
                    layer,
                    model.GpuNetwork.Layers[0].Gradients!,
                    weights[0],
                    x,
                    dz,
                    batch,
                    FormattableString.Invariant($"{name} on {device}, density {density}, batch {batch}, seed {seed}"));
            }
        }
    }

    private static void AssertMatches(GradientReference.Bounded[] expected, float[] actual, string context)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Allows(actual[i]))
            {
                Assert.Fail($"{context}: number {i} is {actual[i]:R}, not {expected[i].Value:R}.");
            }
        }
    }

    private delegate void Check(
        Accelerator accelerator, Linear layer, GpuGradientKernels kernels, Weights weights, float[] x, float[] dz, int batch, string context);
}
