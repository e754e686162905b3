using Xunit;

namespace KernelGen.Runtime.Tests;

public sealed class LinearTests
{
    [Fact]
    public void A_new_layer_knows_its_shape_but_has_no_weights()
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");

        Assert.Equal(("Fc1", 21, 13, false), (layer.Name, layer.InFeatures, layer.OutFeatures, layer.HasWeights));
        AssertNamesLayer(() => layer.Plan.ToString());
        AssertNamesLayer(() => layer.GetWeights(new float[273]));
        AssertNamesLayer(() => layer.GetBias(new float[13]));
        AssertNamesLayer(() => layer.GetMask(new bool[273]));
        FakeNetwork.SetRandomWeights(layer, new Random(1));
        Assert.True(layer.HasWeights);
    }

    [Fact]
    public void Weights_masks_and_biases_come_back_bit_for_bit()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
            var mask = new bool[273];
            // Any bits: NaN payloads, infinities, subnormals.
            var weights = new float[273];
            for (var i = 0; i < weights.Length; i++)
            {
                mask[i] = seed == 0 || random.NextDouble() < (seed / 30.0);
                weights[i] = BitConverter.UInt32BitsToSingle(random.Next(8) switch
                {
                    0 => 0u,
                    1 => 0x80000000,
                    2 => 0x7FA00001 + (uint)random.Next(1000),
                    _ => (uint)random.NextInt64(1L << 32),
                });
            }

            layer.SetWeights(weights, weights.AsSpan(0, 13), mask);

            var bits = weights.Select((value, i) => mask[i] ? BitConverter.SingleToUInt32Bits(value) : 0u);
            AssertHolds(layer, bits, mask, weights.AsSpan(0, 13));
        }
    }

    [Fact]
    public void Without_a_mask_what_is_not_zero_is_active()
    {
        var weights = new float[273];
        weights[3] = -0f;
        weights[5] = float.NaN;
        weights[6] = float.Epsilon;
        weights[34] = float.NegativeInfinity;
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");

        layer.SetWeights(weights, new float[13]);

        weights[3] = 0;
        AssertHolds(layer, weights.Select(BitConverter.SingleToUInt32Bits), [.. weights.Select(value => value != 0)], new float[13]);
    }

    [Fact]
    public void All_weights_of_a_dense_layer_are_active_unless_a_mask_says_otherwise()
    {
        var weights = new float[35];
        weights[3] = -0f;
        var layer = FakeNetwork.Dense<Shape7To5>("Fc1");

        layer.SetWeights(weights, new float[5]);
        AssertHolds(layer, weights.Select(BitConverter.SingleToUInt32Bits), [.. weights.Select(_ => true)], new float[5]);

        layer.SetWeights(weights, new float[5], new bool[35]);
        AssertHolds(layer, new uint[35], new bool[35], new float[5]);
    }

    [Fact]
    public void The_caller_keeps_its_memory()
    {
        var (weights, bias, mask) = (new float[35], new float[5], new bool[35]);
        weights[0] = 1;
        mask[0] = true;
        var layer = FakeNetwork.Dense<Shape7To5>("Fc1");
        layer.SetWeights(weights, bias, mask);
        (weights[0], bias[0], mask[0]) = (2, 2, false);

        layer.GetWeights(weights);
        layer.GetBias(bias);
        layer.GetMask(mask);

        Assert.Equal((1, 0, true), (weights[0], bias[0], mask[0]));
    }

    [Fact]
    public void Wrong_lengths_are_named_and_change_nothing()
    {
        var layer = FakeNetwork.Dense<Shape7To5>("Fc1");
        var weights = FakeNetwork.SetRandomWeights(layer, new Random(1));

        var error = Assert.Throws<ArgumentException>("weights", () => layer.SetWeights(new float[34], new float[5]));
        Assert.StartsWith("Layer 'Fc1\' takes 35 weights (5 outputs x 7 inputs), not 34.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>("bias", () => layer.SetWeights(new float[35], new float[4]));
        Assert.StartsWith("Layer 'Fc1\' has 5 biases, not 4.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("bias", () => layer.SetWeights(new float[35], []));
        error = Assert.Throws<ArgumentException>("mask", () => layer.SetWeights(new float[35], new float[5], []));
        Assert.StartsWith("Layer 'Fc1\' takes 35 elements of a mask", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("weights", () => layer.GetWeights(new float[36]));
        Assert.Throws<ArgumentException>("bias", () => layer.GetBias(new float[36]));
        Assert.Throws<ArgumentException>("mask", () => layer.GetMask(new bool[36]));

        AssertHolds(layer, weights.Values.Select(BitConverter.SingleToUInt32Bits), weights.Mask, weights.Bias);
    }

    [Fact]
    public void A_layer_without_bias_takes_none()
    {
        var layer = FakeNetwork.Unstructured<Shape13To10>("Fc2", bias: false);
        layer.SetWeights(new float[130], []);
        layer.GetBias([]);

        var error = Assert.Throws<ArgumentException>("bias", () => layer.SetWeights(new float[130], new float[10]));

        Assert.StartsWith("Layer 'Fc2\' has no bias: pass an empty span, not 10 values.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_pattern_is_refused_and_changes_nothing()
    {
        var layer = FakeNetwork.Block<Shape10To7>("Fc3");
        var weights = FakeNetwork.SetRandomWeights(layer, new Random(1));
        var broken = new float[70];
        broken[(3 * 10) + 5] = 1;

        var error = Assert.Throws<ArgumentException>("weights", () => layer.SetWeights(broken, new float[7]));
        Assert.Contains("Layer 'Fc3\'", error.Message, StringComparison.Ordinal);
        Assert.Contains("row 3, column 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("PruneNow makes a mask, which SetWeights takes", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>("mask", () => layer.SetWeights(broken, new float[7], [.. broken.Select(value => value != 0)]));
        Assert.Contains("PruneNow makes a mask that fits", error.Message, StringComparison.Ordinal);

        AssertHolds(layer, weights.Values.Select(BitConverter.SingleToUInt32Bits), weights.Mask, weights.Bias);
    }

    [Fact]
    public void A_packing_that_there_is_not_is_refused()
    {
        var layer = FakeNetwork.Block<Shape10To7>("Fc3");
        layer.Packing = Packing.Quick;
        var error = Assert.Throws<ArgumentOutOfRangeException>("value", () => layer.Packing = (Packing)9);
        Assert.Contains("Layer 'Fc3'", error.Message, StringComparison.Ordinal);
        Assert.Equal(Packing.Quick, layer.Packing);
    }

    private static void AssertNamesLayer(Action action)
        => Assert.Contains("Layer 'Fc1\' has no weights yet", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);

    private static void AssertHolds(Linear layer, IEnumerable<uint> bits, bool[] mask, ReadOnlySpan<float> bias)
    {
        var (gotWeights, gotMask, gotBias) = (new float[mask.Length], new bool[mask.Length], new float[bias.Length]);
        Array.Fill(gotWeights, 42);
        Array.Fill(gotMask, true);
        layer.GetWeights(gotWeights);
        layer.GetMask(gotMask);
        layer.GetBias(gotBias);
        Assert.Equal(bits, gotWeights.Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(mask, gotMask);
        Assert.Equal(bias.ToArray().Select(BitConverter.SingleToUInt32Bits), gotBias.Select(BitConverter.SingleToUInt32Bits));
    }
}
