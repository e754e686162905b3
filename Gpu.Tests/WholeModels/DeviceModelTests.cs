using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>What of a layer is uploaded anew, and what stays on the device. On ILGPU's simulation, which every machine has.</summary>
public sealed class DeviceModelTests
{
    private const int Seed = 11;

    [Theory]
    [InlineData("Dense_131To67")]
    [InlineData("Unstructured_37To53")]
    [InlineData("Block4X4_37To53")]
    public void A_mask_that_new_weights_share_stays(string name)
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = KernelCases.Create(name, new Random(Seed), 0.3, out var weights);
        using var device = new DeviceModel(model, lease.Accelerator);
        var (first, mask) = (device.Follow()[0], device.Follow()[0].Gradients.Weights);

        SetWeights(model, Drawn(weights[0]));
        // Once without gradients in between: nobody asked for them.
        Assert.NotSame(first, device.Follow()[0]);
        SetWeights(model, Drawn(weights[0]));
        Assert.Same(mask, device.Follow()[0].Gradients.Weights);
    }

    [Fact]
    public void Another_mask_is_uploaded()
    {
        using var lease = TestDevices.Use(TestDevices.Simulation);
        var model = KernelCases.Create("Unstructured_37To53", new Random(Seed), 0.3, out var weights);
        using var device = new DeviceModel(model, lease.Accelerator);
        var former = device.Follow()[0].Gradients.Weights;

        // As many weights, and in the same rows: one is elsewhere in its row.
        var mask = (bool[])weights[0].Mask.Clone();
        var place = Enumerable.Range(1, mask.Length - 1).First(i => i % weights[0].In != 0 && mask[i - 1] && !mask[i]);
        (mask[place - 1], mask[place]) = (false, true);
        SetWeights(model, Drawn(weights[0] with { Mask = mask }));
        Assert.NotSame(former, device.Follow()[0].Gradients.Weights);
    }

    /// <summary>Other values in the same mask.</summary>
    private static Weights Drawn(Weights weights)
    {
        var random = new Random(Seed + 1);
        return weights with { Values = Array.ConvertAll(weights.Mask, isActive => isActive ? random.NextSingle() - 0.5f : 0) };
    }

    private static void SetWeights(IGpuModel model, Weights weights) => model.Layers[0].SetWeights(weights.Values, weights.Bias, weights.Mask);
}
