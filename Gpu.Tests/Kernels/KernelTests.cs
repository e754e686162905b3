using KernelGen.Gpu.Tests.Models;
using KernelGen.Runtime.Tests;
using KernelGen.Runtime.Tests.Kernels;
using Xunit;

namespace KernelGen.Gpu.Tests.Kernels;

/// <summary>
/// Every emitted GPU kernel against the double-precision oracle, on every device that the machine has. On processors its buffers lie between pages that can't be
/// touched, and what touches them ends the process. Shared memory has no such pages, but the simulation checks every index into every view: a fatal error, after
/// which it hangs.
/// </summary>
[Collection(nameof(GuardedDeviceMemory))]
public sealed class KernelTests
{
    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Kernels_match_the_oracle(string name, string device)
    {
        using var lease = TestDevices.Use(device);
        var seed = name.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var density in Simulated(device) ? new[] { 0.4 } : [0.1, 0.5, 1])
        {
            var model = KernelCases.Create(name, random, density, out var weights);
            KernelCases.SkipLarge(device, model);
            var layer = model.Layers[0];
            foreach (var batch in Simulated(device) ? new[] { 3 } : [1, 32, 45, 131, 260])
            {
                var x = Weights.Floats(random, batch * layer.InFeatures);
                var expected = new Expected(layer.Descriptor, weights[0], x, batch);
                // The simulation finds negative indices by itself, and is slow.
                foreach (var isFlushWithEnd in Simulated(device) ? new[] { true } : [true, false])
                {
                    using var guard = GuardedDeviceMemory.Install(lease.Accelerator, isFlushWithEnd);
                    foreach (var (kernel, _) in KernelRun.Kernels(model))
                    {
                        expected.AssertMatches(
                            KernelRun.Run(lease.Accelerator, layer, kernel, x, batch), $"{kernel.Name} on {device}, density {density}, batch {batch}, seed {seed}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Inactive_weights_never_meet_an_infinity(string name, string device)
    {
        using var lease = TestDevices.Use(device);
        var seed = name.Sum(letter => letter);
        var random = new Random(seed);
        var model = KernelCases.Create(name, random, 0.3, out var weights);
        KernelCases.SkipLarge(device, model);
        var layer = model.Layers[0];
        Assert.SkipWhen(layer.Descriptor.Pattern is DensePattern, "A dense layer has no inactive weights.");
        var batch = Simulated(device) ? 2 : 40;
        var columns = Simulated(device) ? [layer.InFeatures - 1] : new[] { 0, Math.Min(63, layer.InFeatures - 1), layer.InFeatures - 1, random.Next(layer.InFeatures) };
        foreach (var column in columns)
        {
            foreach (var value in new[] { float.PositiveInfinity, float.NaN })
            {
                var x = Weights.Floats(random, batch * layer.InFeatures);
                x[(random.Next(batch) * layer.InFeatures) + column] = value;
                var expected = new Expected(layer.Descriptor, weights[0], x, batch);
                foreach (var (kernel, _) in KernelRun.Kernels(model).Where(candidate => candidate.IsSparse))
                {
                    expected.AssertMatches(
                        KernelRun.Run(lease.Accelerator, layer, kernel, x, batch), $"{kernel.Name} on {device}, {value} in column {column}, seed {seed}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void A_layer_without_active_weights_gives_its_activated_bias(string name, string device)
    {
        using var lease = TestDevices.Use(device);
        var model = KernelCases.Create(name, new Random(3), 0.5, out var weights);
        KernelCases.SkipLarge(device, model);
        var layer = model.Layers[0];
        var none = weights[0] with { Values = new float[weights[0].Values.Length], Mask = new bool[weights[0].Mask.Length] };
        layer.SetWeights(none.Values, none.Bias, none.Mask);
        const int Batch = 2;
        var x = Weights.Floats(new Random(4), Batch * layer.InFeatures);
        var expected = new Expected(layer.Descriptor, none, x, Batch);
        using var guard = GuardedDeviceMemory.Install(lease.Accelerator, isFlushWithEnd: true);
        foreach (var (kernel, _) in KernelRun.Kernels(model))
        {
            expected.AssertMatches(KernelRun.Run(lease.Accelerator, layer, kernel, x, Batch), $"{kernel.Name} on {device}");
        }
    }

    private static bool Simulated(string device) => device == TestDevices.Simulation;
}
