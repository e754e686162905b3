using ILGPU.Runtime;
using KernelGen.Gpu.Running;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>The rearrangements at a model's ends, in buffers between pages that can't be touched.</summary>
[Collection(nameof(GuardedDeviceMemory))]
public sealed class TransformTests
{
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void A_batch_comes_in_feature_major_and_leaves_as_it_came(string device)
    {
        using var lease = TestDevices.Use(device);
        var transforms = new GpuTransforms(lease.Accelerator, ((IGpuModel)new FourLayers()).GpuNetwork.Transforms);
        foreach (var (features, batch) in device == TestDevices.Simulation ? [(1, 1), (33, 31)] : new[] { (1, 1), (33, 31), (32, 32), (70, 33), (131, 65) })
        {
            foreach (var (layout, isFlushWithEnd) in new[] { (Layout.RowMajor, true), (Layout.RowMajor, false), (Layout.FeatureMajor, true), (Layout.FeatureMajor, false) })
            {
                using var guard = GuardedDeviceMemory.Install(lease.Accelerator, isFlushWithEnd);
                AssertRoundTrip(lease.Accelerator, transforms, features, batch, layout);
            }
        }
    }

    private static void AssertRoundTrip(Accelerator accelerator, GpuTransforms transforms, int features, int batch, Layout layout)
    {
        var stride = (batch + 31) / 32 * 32;
        var data = Weights.Floats(new Random(features), features * batch);
        using var source = DeviceMemory.Upload(accelerator, data, "a batch");
        using var panel = DeviceMemory.Allocate<float>(accelerator, features * stride, "activations");
        using var target = DeviceMemory.Allocate<float>(accelerator, features * batch, "a batch");
        transforms.Enter(accelerator.DefaultStream, source.View, panel.View, features, batch, stride, layout);
        transforms.Leave(accelerator.DefaultStream, panel.View, target.View, features, batch, stride, layout);
        accelerator.Synchronize();

        var featureMajor = layout == Layout.FeatureMajor ? data : Weights.Transpose(data, batch, features);
        var inside = panel.GetAsArray1D();
        for (var i = 0; i < featureMajor.Length; i++)
        {
            Assert.Equal(featureMajor[i], inside[(i / batch * stride) + (i % batch)]);
        }

        Assert.Equal(data, target.GetAsArray1D());
    }
}
