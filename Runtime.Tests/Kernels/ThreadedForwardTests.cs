using System.Runtime.InteropServices;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>
/// Emitted kernels in parts, through the public path, with more and fewer threads than parts and panels. All buffers end at pages that can't be
/// touched.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class ThreadedForwardTests
{
    private static readonly int[] ThreadCounts = [2, 3, 8];

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Results_are_equal_bit_for_bit_for_any_number_of_threads(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var parts = SmallParts.Install();
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var density in new[] { 0.1, 0.9 })
        {
            var network = KernelCases.Create(model);
            var layer = network.Layers[0];
            var weights = KernelCases.RandomWeights(layer, random, density);
            layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
            foreach (var batch in new[] { 1, 2, 64, random.Next(65, 301) })
            {
                foreach (var layout in Enum.GetValues<Layout>())
                {
                    var x = Weights.Floats(random, batch * layer.InFeatures);
                    // A latency kernel with padding declines it.
                    x[random.Next(x.Length)] = random.Next(4) == 0 ? float.NaN : 1;
                    var expected = Run(network, x, batch, layout, threads: 1);
                    foreach (var threads in ThreadCounts)
                    {
                        Assert.True(
                            AreSame(expected, Run(network, x, batch, layout, threads)),
                            $"{threads} threads, {model} on {set}, density {density}, batch {batch}, {layout}, seed {seed}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.Sets), MemberType = typeof(KernelCases))]
    public void Forward_allocates_nothing_once_warm(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var parts = SmallParts.Install();
        using var threads = Threads.Override(3);
        var network = Create(6, out _);
        foreach (var (batch, layout) in new[] { (1, Layout.RowMajor), (3, Layout.FeatureMajor), (70, Layout.RowMajor), (231, Layout.FeatureMajor) })
        {
            var x = Weights.Floats(new Random(7), batch * FourLayers.Descriptor.InFeatures);
            x[0] = float.NaN;
            var y = new float[batch * FourLayers.Descriptor.OutFeatures];
            network.Forward(x, y, batch, layout);
            const int Calls = 50;
            var (own, all) = (long.MaxValue, long.MaxValue);
            for (var round = 0; round < 9; round++)
            {
                var (ownBefore, allBefore) = (GC.GetAllocatedBytesForCurrentThread(), GC.GetTotalAllocatedBytes(precise: true));
                for (var i = 0; i < Calls; i++)
                {
                    network.Forward(x, y, batch, layout);
                }

                all = Math.Min(all, GC.GetTotalAllocatedBytes(precise: true) - allBefore);
                own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            }

            // The least of some rounds: what the collector counts while other tests make it run isn't ours. The helpers must not allocate either; threads of the test runner do now and then, but less than an object a call.
            Assert.Equal(0, own);
            Assert.InRange(all, 0, (Calls * 24) - 1);
        }
    }

    [Fact]
    public void Several_callers_and_new_weights_meanwhile_see_old_or_new_weights_never_a_mix()
    {
        using var parts = SmallParts.Install();
        using var threads = Threads.Override(3);
        var network = Create(1, out var first);
        var second = KernelCases.RandomWeights(network.Layers[0], new Random(2), 0.7);
        var done = false;
        var errors = new List<string>();
        var callers = new[] { 1, 70, 200, 2 }.Select((batch, number) =>
        {
            var x = Weights.Floats(new Random(number), batch * FourLayers.Descriptor.InFeatures);
            var expected = new[] { second, first }.Select(weights =>
            {
                network.Layers[0].SetWeights(weights.Values, weights.Bias, weights.Mask);
                return Run(network, x, batch, Layout.RowMajor, threads: 1);
            }).ToArray();
            return new Thread(() =>
            {
                var y = new float[batch * FourLayers.Descriptor.OutFeatures];
                for (var round = 0; round < 20 || !Volatile.Read(ref done); round++)
                {
                    network.Forward(x, y, batch);
                    if (!expected.Any(candidate => AreSame(candidate, y)))
                    {
                        lock (errors)
                        {
                            errors.Add($"batch {batch}, round {round}");
                        }
                    }
                }
            });
        }).ToArray();
        foreach (var caller in callers)
        {
            caller.Start();
        }

        for (var i = 0; i < 300; i++)
        {
            var weights = i % 2 == 0 ? second : first;
            network.Layers[0].SetWeights(weights.Values, weights.Bias, weights.Mask);
            if (i % 50 == 0)
            {
                GC.Collect();
            }
        }

        Volatile.Write(ref done, true);
        foreach (var caller in callers)
        {
            caller.Join();
        }

        Assert.Empty(errors);
    }

    private static FourLayers Create(int seed, out Weights first)
    {
        var network = new FourLayers();
        var random = new Random(seed);
        var all = network.Layers.Select(layer => KernelCases.RandomWeights(layer, random, 0.3)).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            network.Layers[i].SetWeights(all[i].Values, all[i].Bias, all[i].Mask);
        }

        first = all[0];
        return network;
    }

    private static bool AreSame(float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));

    private static float[] Run(ISparseModel network, float[] x, int batch, Layout layout, int threads)
    {
        using var count = Threads.Override(threads);
        var y = new float[batch * network.Layers[^1].OutFeatures];
        network.Forward(x, y, batch, layout);
        return y;
    }
}
