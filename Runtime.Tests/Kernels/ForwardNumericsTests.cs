using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>
/// The public path, over batches from 1 to 300 and both layouts, against the oracle. The caller's spans and all buffers end at pages that can't
/// be touched, or begin at them.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class ForwardNumericsTests
{
    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Forward_matches_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var (density, side) in new[] { (0.1, GuardedMemory.Side.End), (0.9, GuardedMemory.Side.Start) })
        {
            using var guard = GuardedMemory.Install(side);
            var network = KernelCases.Create(model);
            var layer = network.Layers[0];
            var weights = KernelCases.RandomWeights(layer, random, density);
            layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
            foreach (var batch in new[] { 1, 2, 9, 64, random.Next(3, 65), random.Next(65, 301) })
            {
                var x = Weights.Floats(random, batch * layer.InFeatures);
                var expected = new Expected(layer.Descriptor, weights, x, batch);
                var context = $"{model} on {set}, density {density}, batch {batch}, seed {seed}";

                expected.AssertMatches(Run(network, x, batch, Layout.RowMajor), context);

                var y = Run(network, Weights.Transpose(x, batch, layer.InFeatures), batch, Layout.FeatureMajor);
                expected.AssertMatches(Weights.Transpose(y, layer.OutFeatures, batch), $"{context}, feature-major");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Inactive_weights_never_meet_an_infinity(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        var network = KernelCases.Create(model);
        var layer = network.Layers[0];
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        var weights = KernelCases.RandomWeights(layer, random, 0.1);
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        var runsSparse = false;
        foreach (var (batch, plan) in new[] { (1, layer.Plan.Latency), (70, layer.Plan.Throughput) })
        {
            if (layer.SparseKernels is not null && plan.Kernel.Contains("Dense", StringComparison.Ordinal))
            {
                continue;
            }

            runsSparse = true;
            // Padding in a pack points at the first column of a window, and at none beyond the last.
            foreach (var column in new[] { 0, Math.Min(32, layer.InFeatures - 1), layer.InFeatures - 1, random.Next(layer.InFeatures) })
            {
                foreach (var value in new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN })
                {
                    var x = Weights.Floats(random, batch * layer.InFeatures);
                    x[(random.Next(batch) * layer.InFeatures) + column] = value;
                    new Expected(layer.Descriptor, weights, x, batch).AssertMatches(
                        Run(network, x, batch, Layout.RowMajor), $"{model} on {set}, batch {batch}, {value} in column {column}, seed {seed}");
                }
            }
        }

        Assert.SkipUnless(runsSparse, "At this density the layer runs dense in both regimes, with dense semantics.");
    }

    /// <summary>Row numbers beyond 16 bits, of which the last is odd.</summary>
    [Theory]
    [MemberData(nameof(KernelCases.Sets), MemberType = typeof(KernelCases))]
    public void A_layer_of_very_many_outputs_matches_the_oracle(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var network = new ManyOutputs();
        var random = new Random(7);
        var weights = KernelCases.RandomWeights(network.Layer, random, 0.3);
        network.Layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        foreach (var batch in new[] { 1, 9 })
        {
            var x = Weights.Floats(random, batch * network.Layer.InFeatures);
            new Expected(network.Layer.Descriptor, weights, x, batch).AssertMatches(Run(network, x, batch, Layout.RowMajor), $"{set}, batch {batch}, seed 7");
        }
    }

    /// <summary>Layers of every pattern in a row: each finds the padding that the one before left behind.</summary>
    [Theory]
    [MemberData(nameof(KernelCases.Sets), MemberType = typeof(KernelCases))]
    public void Layers_in_a_row_match_the_oracle(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var network = new FourLayers();
        const int Seed = 5;
        var random = new Random(Seed);
        var weights = network.Layers.Select(layer => KernelCases.RandomWeights(layer, random, 0.3)).ToArray();
        for (var i = 0; i < weights.Length; i++)
        {
            network.Layers[i].SetWeights(weights[i].Values, weights[i].Bias, weights[i].Mask);
        }

        foreach (var batch in new[] { 1, 3, 17, 64, 131 })
        {
            var x = Weights.Floats(random, batch * FourLayers.Descriptor.InFeatures);
            var expected = Array.ConvertAll(x, value => (double)value);
            for (var i = 0; i < weights.Length; i++)
            {
                var layer = FourLayers.Descriptor.Layers[i];
                var next = new double[batch * layer.OutFeatures];
                Reference.LinearReference.Forward(layer, weights[i].ToMatrix(), weights[i].Bias, expected, next, batch);
                expected = next;
            }

            var y = Run(network, x, batch, Layout.RowMajor);
            for (var i = 0; i < y.Length; i++)
            {
                Assert.True(Math.Abs(y[i] - expected[i]) < 1e-4, $"{set}, batch {batch}, seed {Seed}: output {i} is {y[i]:R}, not {expected[i]:R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.Sets), MemberType = typeof(KernelCases))]
    public void Forward_allocates_nothing_once_warm(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        var network = new FourLayers();
        var random = new Random(6);
        foreach (var layer in network.Layers)
        {
            var weights = KernelCases.RandomWeights(layer, random, 0.3);
            layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        }

        foreach (var (batch, layout) in new[] { (1, Layout.RowMajor), (3, Layout.FeatureMajor), (70, Layout.RowMajor), (131, Layout.FeatureMajor) })
        {
            var x = Weights.Floats(random, batch * FourLayers.Descriptor.InFeatures);
            // A latency kernel declines it, and a panel of one takes over.
            x[0] = float.NaN;
            var y = new float[batch * FourLayers.Descriptor.OutFeatures];
            network.Forward(x, y, batch, layout);
            var first = (float[])y.Clone();
            // The least of some rounds: what the collector counts while other tests make it run isn't ours.
            var allocated = long.MaxValue;
            for (var round = 0; round < 3; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 20; i++)
                {
                    network.Forward(x, y, batch, layout);
                }

                allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, allocated);
            Assert.Equal(first, y);
        }
    }

    private static unsafe float[] Run(ISparseModel model, float[] x, int batch, Layout layout)
    {
        var input = AlignedBuffer.OfFloats(x.Length);
        var output = AlignedBuffer.OfFloats((long)batch * model.Layers[^1].OutFeatures);
        x.CopyTo(new Span<float>(input.Floats, x.Length));
        var y = new Span<float>(output.Floats, batch * model.Layers[^1].OutFeatures);
        model.Forward(new ReadOnlySpan<float>(input.Floats, x.Length), y, batch, layout);
        var result = y.ToArray();
        GC.KeepAlive(input);
        GC.KeepAlive(output);
        return result;
    }
}
