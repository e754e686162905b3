using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu.Tests.Models;
using KernelGen.Reference;
using KernelGen.Runtime.Tests;
using Xunit;

namespace KernelGen.Gpu.Tests.WholeModels;

/// <summary>Layers of every pattern in a row, through the public path.</summary>
public sealed class GpuForwardTests
{
    private const int Seed = 5;

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Batches_in_the_hosts_memory_match_the_oracle(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        foreach (var batch in Batches(device))
        {
            var x = Weights.Floats(new Random(batch), batch * FourLayers.Descriptor.InFeatures);
            AssertMatches(weights, x, Run(gpu, x, batch, Layout.RowMajor), batch);
            var y = Run(gpu, Weights.Transpose(x, batch, FourLayers.Descriptor.InFeatures), batch, Layout.FeatureMajor);
            AssertMatches(weights, x, Weights.Transpose(y, FourLayers.Descriptor.OutFeatures, batch), batch);
        }

        gpu.Forward([], [], 0);
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Two_streams_share_a_model_with_buffers_of_their_own(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        using var first = lease.Accelerator.CreateStream();
        using var second = lease.Accelerator.CreateStream();
        var batch = Batches(device)[^1];
        var inputs = Enumerable.Range(0, 4).Select(i => Weights.Floats(new Random(i), batch * FourLayers.Descriptor.InFeatures)).ToArray();
        var sources = inputs.Select(input => lease.Accelerator.Allocate1D(input)).ToArray();
        var targets = inputs.Select(_ => lease.Accelerator.Allocate1D<float>(batch * FourLayers.Descriptor.OutFeatures)).ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            gpu.Forward(i % 2 == 0 ? first : second, sources[i].View, targets[i].View, batch);
        }

        first.Synchronize();
        second.Synchronize();
        for (var i = 0; i < inputs.Length; i++)
        {
            AssertMatches(weights, inputs[i], targets[i].GetAsArray1D(), batch);
            sources[i].Dispose();
            targets[i].Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Weights_that_are_set_later_are_followed(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        var batch = Batches(device)[0];
        var x = Weights.Floats(new Random(9), batch * FourLayers.Descriptor.InFeatures);
        AssertMatches(weights, x, Run(gpu, x, batch, Layout.RowMajor), batch);

        var changed = KernelCases.SetRandomWeights(model, new Random(Seed + 1), 0.9);
        AssertMatches(changed, x, Run(gpu, x, batch, Layout.RowMajor), batch);
        // So dense that the dense kernels are faster.
        Assert.False(gpu.Plan[0].IsSparse);
        Assert.Contains("dense", gpu.Plan[0].Reason, StringComparison.Ordinal);

        changed = KernelCases.SetRandomWeights(model, new Random(Seed + 2), 0.05);
        AssertMatches(changed, x, Run(gpu, x, batch, Layout.RowMajor), batch);
        Assert.True(gpu.Plan[0].IsSparse);
    }

    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Several_threads_share_a_model(string device)
    {
        using var lease = TestDevices.Use(device);
        var model = Create(out var weights);
        using var gpu = model.ToGpu(lease.Accelerator);
        Parallel.For(0, device == TestDevices.Simulation ? 2 : 8, i =>
        {
            var batch = i + 1;
            var x = Weights.Floats(new Random(i), batch * FourLayers.Descriptor.InFeatures);
            AssertMatches(weights, x, Run(gpu, x, batch, Layout.RowMajor), batch);
        });
    }

    /// <summary>They share kernels, whose arguments a launch sets one by one.</summary>
    [Theory]
    [MemberData(nameof(TestDevices.All), MemberType = typeof(TestDevices))]
    public void Models_share_a_device_from_threads_of_their_own(string device)
    {
        using var lease = TestDevices.Use(device);
        var isSimulated = device == TestDevices.Simulation;
        Parallel.For(0, isSimulated ? 2 : 4, i =>
        {
            var model = new FourLayers();
            var weights = KernelCases.SetRandomWeights(model, new Random(Seed + i), 0.2);
            using var gpu = model.ToGpu(lease.Accelerator);
            var x = Weights.Floats(new Random(i), 2 * FourLayers.Descriptor.InFeatures);
            for (var run = 0; run < (isSimulated ? 1 : 200); run++)
            {
                AssertMatches(weights, x, Run(gpu, x, 2, Layout.RowMajor), 2);
            }
        });
    }

    private static int[] Batches(string device) => device == TestDevices.Simulation ? [2] : [1, 33, 200];

    private static FourLayers Create(out Weights[] weights)
    {
        var model = new FourLayers();
        weights = KernelCases.SetRandomWeights(model, new Random(Seed), 0.2);
        return model;
    }

    private static float[] Run(GpuModel gpu, float[] x, int batch, Layout layout)
    {
        var y = new float[batch * FourLayers.Descriptor.OutFeatures];
        gpu.Forward(x, y, batch, layout);
        return y;
    }

    private static void AssertMatches(Weights[] weights, float[] x, float[] y, int batch)
    {
        var expected = Array.ConvertAll(x, value => (double)value);
        for (var i = 0; i < weights.Length; i++)
        {
            var layer = FourLayers.Descriptor.Layers[i];
            var next = new double[batch * layer.OutFeatures];
            LinearReference.Forward(layer, weights[i].ToMatrix(), weights[i].Bias, expected, next, batch);
            expected = next;
        }

        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < y.Length; i++)
        {
            Assert.True(Math.Abs(y[i] - expected[i]) < 1e-5 * scale, $"batch {batch}, seed {Seed}: output {i} is {y[i]:R}, not {expected[i]:R}.");
        }
    }
}
