using System.Runtime.CompilerServices;
using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>Dispatch with fake kernels: what comes out must equal the naive product bit for bit.</summary>
[Collection(ProcessWide.Name)]
public sealed class ForwardTests
{
    private static readonly int[] Batches = [1, 2, 4, 5, 6, 7, 8, 9, 16, 31, 32, 33, 63, 64, 65, 128, 200];

    [Theory]
    [MemberData(nameof(FakeNetwork.Sets), MemberType = typeof(FakeNetwork))]
    public void Forward_equals_the_naive_product(InstructionSet set)
    {
        using var _ = Isa.Override(set);
        foreach (var density in new[] { 0, 0.3, 0.8 })
        {
            var random = new Random(1);
            var network = FakeNetwork.Create();
            var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random, density)).ToArray();
            foreach (var batch in Batches)
            {
                AssertForward(network, weights, Weights.Floats(random, batch * 21), batch, $"{set}, density {density}, batch {batch}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(FakeNetwork.Sets), MemberType = typeof(FakeNetwork))]
    public void Infinities_and_NaN_meet_active_weights_only(InstructionSet set)
    {
        using var _ = Isa.Override(set);
        var random = new Random(2);
        var network = FakeNetwork.Create();
        var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random, 0.2)).ToArray();
        Assert.All(network.Layers.Take(3), layer => Assert.EndsWith("runs sparse", layer.Plan.Throughput.Reason, StringComparison.Ordinal));
        foreach (var batch in Batches)
        {
            var x = Weights.Floats(random, batch * 21);
            for (var i = 0; i < 1 + (batch / 3); i++)
            {
                x[random.Next(x.Length)] = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
            }

            AssertForward(network, weights, x, batch, $"{set}, batch {batch}");
        }
    }

    [Theory]
    [MemberData(nameof(FakeNetwork.Sets), MemberType = typeof(FakeNetwork))]
    public void A_declined_sample_stays_sparse_where_panels_run_dense(InstructionSet set)
    {
        using var _ = Isa.Override(set);
        var random = new Random(3);
        var layer = FakeNetwork.Block<Shape10To7>("Fc1");
        var mask = new bool[70];
        mask.AsSpan().Fill(true);
        foreach (var row in new[] { 0, 1 })
        {
            mask.AsSpan(row * 10, 4).Clear();
        }

        var weights = new Weights(7, 10, Weights.Floats(random, 70), mask, Weights.Floats(random, 7));
        layer.SetWeights(weights.Values, weights.Bias, mask);
        var network = FakeNetwork.Of([layer], []);
        var x = Weights.Floats(random, 10);
        x[2] = float.PositiveInfinity;
        var y = new float[7];

        network.Forward(x, y, 1);

        Assert.EndsWith("runs sparse", layer.Plan.Latency.Reason, StringComparison.Ordinal);
        Assert.EndsWith("runs dense", layer.Plan.Throughput.Reason, StringComparison.Ordinal);
        Assert.Equal(weights.Apply(x, 1), y);
        Assert.True(float.IsFinite(y[0]));
    }

    [Theory]
    [MemberData(nameof(FakeNetwork.Sets), MemberType = typeof(FakeNetwork))]
    public void Nothing_is_touched_beyond_any_buffer(InstructionSet set)
    {
        using var _ = Isa.Override(set);
        foreach (var (batch, side) in Batches.SelectMany(batch => Enum.GetValues<GuardedMemory.Side>().Select(side => (batch, side))))
        {
            using var guard = GuardedMemory.Install(side);
            Assert.SkipWhen(guard is null, "Guard pages are made on Linux only.");
            // A new network each time: its buffers are as small as they can be.
            var random = new Random(4);
            var network = FakeNetwork.Create();
            var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random)).ToArray();
            var x = Weights.Floats(random, batch * 21);
            x[0] = float.NaN;
            AssertForward(network, weights, x, batch, $"{set}, batch {batch}");
        }
    }

    [Fact]
    public void One_network_serves_changing_batches_and_instruction_sets()
    {
        var random = new Random(5);
        var network = FakeNetwork.Create();
        var weights = network.Layers.Select(layer => FakeNetwork.SetRandomWeights(layer, random)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            var sets = Enum.GetValues<InstructionSet>().Where(Isa.IsSupported).ToArray();
            using var _ = Isa.Override(sets[random.Next(sets.Length)]);
            var batch = random.Next(1, 150);
            AssertForward(network, weights, Weights.Floats(random, batch * 21), batch, $"round {i}, {Isa.Current}, batch {batch}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Replaced_weights_are_let_go_though_no_forward_pass_follows(int batch)
    {
        var random = new Random(6);
        var network = FakeNetwork.Create();
        var replaced = Run();
        foreach (var layer in network.Layers)
        {
            FakeNetwork.SetRandomWeights(layer, random);
        }

        GC.Collect();
        Assert.All(replaced, state => Assert.False(state.IsAlive));

        // A function of its own, whose variables keep nothing alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference[] Run()
        {
            foreach (var layer in network.Layers)
            {
                FakeNetwork.SetRandomWeights(layer, random);
            }

            network.Forward(Weights.Floats(random, batch * 21), new float[batch * 5], batch);
            return [.. network.Layers.Select(layer => new WeakReference(layer.RequireState()))];
        }
    }

    private static void AssertForward(SparseNetwork network, Weights[] weights, float[] x, int batch, string what)
    {
        var expected = weights.Aggregate(x, (activations, layer) => layer.Apply(activations, batch));
        var y = new float[batch * network.Layers[^1].OutFeatures];
        var input = (float[])x.Clone();

        network.Forward(input, y, batch);
        Assert.True(expected.AsSpan().SequenceEqual(y), $"{what}, row-major");

        Array.Fill(y, 42);
        var inFeatures = network.Layers[0].InFeatures;
        network.Forward(Weights.Transpose(x, batch, inFeatures), y, batch, Layout.FeatureMajor);
        Assert.True(expected.AsSpan().SequenceEqual(Weights.Transpose(y, y.Length / batch, batch)), $"{what}, feature-major");
        Assert.Equal(x, input);
    }
}
