using KernelGen.Formats;
using KernelGen.Runtime.Tests.Kernels;
using KernelGen.Training;
using Xunit;

namespace KernelGen.Runtime.Tests.Training;

/// <summary>
/// Forward pass and gradients of every pattern with values that change, against sums in double precision. The caller's spans and all buffers end at
/// pages that can't be touched, or begin at them.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class GradientNumericsTests
{
    private const double HalfUlp = 1.0 / (1 << 24);

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Gradients_match_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        foreach (var (density, side) in new[] { (0.1, GuardedMemory.Side.End), (0.9, GuardedMemory.Side.Start), (0, GuardedMemory.Side.End) })
        {
            using var guard = GuardedMemory.Install(side);
            var layer = KernelCases.Create(model).Layers[0];
            var before = KernelCases.RandomWeights(layer, random, density);
            layer.SetWeights(before.Values, before.Bias, before.Mask);
            var trainable = new TrainableLinear(layer);
            foreach (var batch in new[] { 1, 64, 160, random.Next(2, 65), random.Next(65, 301) })
            {
                // Other values, the same mask.
                var weights = before with { Values = Weights.Floats(random, before.Mask.Length), Bias = Weights.Floats(random, before.Bias.Length) };
                trainable.SetValues(ActiveOf(weights), weights.Bias);
                Check(trainable, layer, weights, random, batch, $"{model} on {set}, density {density}, batch {batch}, seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData(InstructionSet.Avx512)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Neon)]
    public void Layers_in_several_parts_have_the_same_gradients(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var parts = SmallParts.Install();
        const int Seed = 11;
        var random = new Random(Seed);
        var layer = new Unstructured_37To53().Layer;
        var weights = KernelCases.RandomWeights(layer, random, 0.3);
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        Check(new TrainableLinear(layer), layer, weights, random, 70, $"parts on {set}, seed {Seed}");
    }

    [Theory]
    [InlineData(InstructionSet.Avx512)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Scalar)]
    [InlineData(InstructionSet.Neon)]
    public void As_many_pairs_wait_as_have_a_single_weight(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var isa = Isa.Override(set);
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        const int Seed = 13;
        // No block of columns is wider: each has one weight at most, and at most 64 products wait.
        const int Apart = 80;
        var random = new Random(Seed);
        var layer = new Unstructured_5281To2().Layer;
        var weights = KernelCases.RandomWeights(layer, random, 1);
        var mask = weights.Mask.Select((_, i) => i < layer.InFeatures && i % Apart == 0).ToArray();
        weights = weights with { Mask = mask, Values = weights.Values.Select((value, i) => mask[i] ? value : 0).ToArray() };
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        // Two bodies at least: the second one adds.
        Check(new TrainableLinear(layer), layer, weights, random, 160, $"single weights on {set}, seed {Seed}");
    }

    private static void Check(TrainableLinear trainable, Linear layer, Weights weights, Random random, int batch, string context)
    {
        var (x, dz) = (Weights.Floats(random, layer.InFeatures * batch), Weights.Floats(random, layer.OutFeatures * batch));
        using var input = new GuardedFloats(x);
        using var gradient = new GuardedFloats(dz);
        using var output = new GuardedFloats(layer.OutFeatures * batch);
        trainable.Forward(input.Span, output.Span, batch);
        new Expected(layer.Descriptor, weights, Weights.Transpose(x, layer.InFeatures, batch), batch)
            .AssertMatches(Weights.Transpose(output.Span.ToArray(), layer.OutFeatures, batch), context);

        using var inputGradient = new GuardedFloats(layer.InFeatures * batch);
        trainable.InputGradient(gradient.Span, inputGradient.Span, batch);
        for (var column = 0; column < layer.InFeatures; column++)
        {
            for (var sample = 0; sample < batch; sample++)
            {
                var sum = new Sum();
                for (var row = 0; row < layer.OutFeatures; row++)
                {
                    if (weights.Mask[(row * layer.InFeatures) + column])
                    {
                        sum.Add(weights.Values[(row * layer.InFeatures) + column], dz[(row * batch) + sample]);
                    }
                }

                sum.AssertIs(inputGradient.Span[(column * batch) + sample], context, "input gradient", column, sample);
            }
        }

        using var values = new GuardedFloats(trainable.Nonzeros);
        using var bias = new GuardedFloats(weights.Bias.Length);
        trainable.WeightGradient(input.Span, gradient.Span, values.Span, bias.Span, batch);
        var next = 0;
        for (var i = 0; i < weights.Mask.Length; i++)
        {
            if (weights.Mask[i])
            {
                var (row, column) = (i / layer.InFeatures, i % layer.InFeatures);
                var sum = new Sum();
                for (var sample = 0; sample < batch; sample++)
                {
                    sum.Add(dz[(row * batch) + sample], x[(column * batch) + sample]);
                }

                sum.AssertIs(values.Span[next++], context, "weight gradient", row, column);
            }
        }

        for (var row = 0; row < weights.Bias.Length; row++)
        {
            var sum = new Sum();
            for (var sample = 0; sample < batch; sample++)
            {
                sum.Add(dz[(row * batch) + sample], 1);
            }

            sum.AssertIs(bias.Span[row], context, "bias gradient", row, 0);
        }
    }

    private static float[] ActiveOf(Weights weights) => weights.Values.Where((_, i) => weights.Mask[i]).ToArray();

    /// <summary>What a sum of products in single precision may be, in whatever order.</summary>
    private struct Sum
    {
        private int _count;
        private double _value;
        private double _magnitude;

        public void Add(double a, double b)
        {
            _count++;
            _value += a * b;
            _magnitude += Math.Abs(a * b);
        }

        public readonly void AssertIs(float actual, string context, string what, int row, int column)
        {
            // No message is put together unless it is needed: there are millions.
            if (!(Math.Abs(actual - _value) <= (_count + 2) * HalfUlp * _magnitude))
            {
                Assert.Fail($"{context}: {what} {row}, {column} is {actual:R}, not {_value:R}.");
            }
        }
    }

    /// <summary>A caller's memory, beside the pages that can't be touched.</summary>
    private sealed unsafe class GuardedFloats : IDisposable
    {
        private readonly AlignedBuffer _buffer;
        private readonly int _count;

        public GuardedFloats(int count)
        {
            _buffer = AlignedBuffer.OfFloats(count);
            _count = count;
            Span.Fill(float.NaN);
        }

        public GuardedFloats(float[] values)
            : this(values.Length)
            => values.CopyTo(Span);

        public Span<float> Span => new(_buffer.Floats, _count);

        public void Dispose() => GC.KeepAlive(_buffer);
    }
}
