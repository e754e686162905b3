using ILGPU.Runtime;
using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Reference;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>
/// Every kernel of an input gradient that multiplies by the slope of the activation before, wide and narrow, sparse and dense, launched alone: a device chooses few of
/// them by itself. In buffers between pages that can't be touched, as in <see cref="KernelTests"/>.
/// </summary>
[Collection(nameof(GuardedDeviceMemory))]
public sealed class SlopedProductTests
{
    private const int Seed = 17;

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Every_activation_before_small_layers(string device)
        => AssertMatchesTheOracle(new EveryActivation(), device, device == TestDevices.Simulation ? [3] : [260]);

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Heavy_slopes_before_layers_as_wide_as_kernels_get(string device)
    {
        Assert.SkipWhen(device == TestDevices.Simulation, "Too large for ILGPU's simulation: other devices run it.");
        AssertMatchesTheOracle(new HeavySlopes(), device, [45, 260]);
    }

    private static void AssertMatchesTheOracle(IGpuModel model, string device, int[] batches)
    {
        using var lease = TestDevices.Use(device);
        var random = new Random(Seed);
        var weights = KernelCases.SetRandomWeights(model, random, 0.3);
        for (var i = 1; i < model.Layers.Count; i++)
        {
            if (model.Layers[i - 1].Descriptor.Activation == Activation.None)
            {
                continue;
            }

            foreach (var batch in batches)
            {
                // Each has the guard behind once, and once in front.
                using var guard = GuardedDeviceMemory.Install(lease.Accelerator, isFlushWithEnd: (i + batch) % 2 == 0);
                AssertLayer(lease.Accelerator, model, i, weights[i], batch, random);
            }
        }
    }

    private static void AssertLayer(Accelerator accelerator, IGpuModel model, int index, Weights weights, int batch, Random random)
    {
        var (before, layer) = (model.Layers[index - 1].Descriptor, model.Layers[index].Descriptor);
        var kernels = model.GpuNetwork.Layers[index].Gradients!;
        // What the activation before takes, or where that is all that is kept, what it gives.
        var z = Array.ConvertAll(Weights.Floats(random, batch * layer.InFeatures), value => 3 * value);
        var isTold = model.GpuNetwork.Layers[index - 1].Gradients!.Activation!.Apply is null;
        var keeps = isTold ? Array.ConvertAll(z, value => (float)ActivationReference.Apply(before.Activation, value, before.NegativeSlope)) : z;
        var dz = Weights.Floats(random, batch * layer.OutFeatures);
        var products = GradientReference.Input(weights, dz, batch);
        var expected = products.Select((product, i) => product.Times(GradientReference.Slope(before, z[i]))).ToArray();

        var stride = DeviceModel.StrideOf(batch);
        var turned = layer with { InFeatures = layer.OutFeatures, OutFeatures = layer.InFeatures, Bias = false };
        using var gradients = DeviceMemory.Upload(accelerator, Panels.Of(dz, layer.OutFeatures, batch, stride), "dz");
        using var kept = DeviceMemory.Upload(accelerator, Panels.Of(keeps, layer.InFeatures, batch, stride), "what was kept");
        foreach (var kernel in (kernels.SparseInput ?? []).Concat(kernels.DenseInput))
        {
            using var product = GpuProduct.Upload(accelerator, turned, model.Layers[index].RequireState().Weights.Transpose(), [], [kernel], isSparse: true, "test");
            using var result = DeviceMemory.Upload(accelerator, Panels.Filled(layer.InFeatures * stride), "dx");
            product.Run(accelerator.DefaultStream, gradients.View, kept.View, result.View, stride);
            accelerator.Synchronize();
            var actual = Weights.Transpose(result.GetAsArray1D(), layer.InFeatures, stride);
            for (var i = 0; i < expected.Length; i++)
            {
                if (!expected[i].Allows(actual[i], SlopeTests.Tolerance))
                {
                    Assert.Fail($"{kernel.Name} of {layer.Name} on {accelerator.Name}, batch {batch}, seed {Seed}: number {i} is {actual[i]:R}, not {expected[i].Value:R}.");
                }
            }
        }
    }
}
