using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>The public path, over batches from 1 to 300 and both layouts, against the oracle.</summary>
[Collection(ProcessWide.Name)]
public sealed class ForwardNumericsTests
{
    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Forward_matches_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var guard = GuardedMemory.IsSupported ? GuardedMemory.Install() : null;
        var network = KernelCases.Create(model);
        var layer = network.Layers[0];
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var density in new[] { 0.1, 0.9 })
        {
            var weights = KernelCases.RandomWeights(layer, random, density);
            layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
            foreach (var batch in new[] { 1, 2, 9, 64, random.Next(3, 65), random.Next(65, 301) })
            {
                var x = Weights.Floats(random, batch * layer.InFeatures);
                var expected = new Expected(layer.Descriptor, weights, x, batch);
                var context = $"{model} on {set}, density {density}, batch {batch}, seed {seed}";

                var y = new float[batch * layer.OutFeatures];
                network.Forward(x, y, batch);
                expected.AssertMatches(y, context);

                network.Forward(Weights.Transpose(x, batch, layer.InFeatures), y, batch, Layout.FeatureMajor);
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
        Assert.SkipWhen(
            layer.Plan.Latency.Kernel.Contains("Dense", StringComparison.Ordinal) && layer.SparseKernels is not null,
            "The layer runs dense at this density, and then has dense semantics.");
        foreach (var batch in new[] { 1, 70 })
        {
            var x = Weights.Floats(random, batch * layer.InFeatures);
            foreach (var value in new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN })
            {
                x[random.Next(x.Length)] = value;
            }

            var y = new float[batch * layer.OutFeatures];
            network.Forward(x, y, batch);
            new Expected(layer.Descriptor, weights, x, batch).AssertMatches(y, $"{model} on {set}, batch {batch}, seed {seed}");
        }
    }
}
