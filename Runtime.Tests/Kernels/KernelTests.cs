using KernelGen.Dispatch;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests.Kernels;

/// <summary>
/// Every emitted kernel, fed by hand, against the oracle, in one part and in many, twice: packs and buffers end at pages that can't be touched,
/// then begin at them. What the kernel must not write holds a canary.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed unsafe class KernelTests
{
    private const float Canary = -123456.75f;

    private static readonly double[] Densities = [0, 0.02, 0.1, 0.4, 1];

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Vector_kernels_match_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        var layer = KernelCases.Create(model).Layers[0];
        ForEachCase(model, layer, (random, weights, context) =>
        {
            foreach (var kernel in Kernels(layer, kernels => kernels.Vector, set))
            {
                var x = Weights.Floats(random, layer.InFeatures);
                Expected expected = new(layer.Descriptor, weights, x, 1);
                foreach (var side in Enum.GetValues<GuardedMemory.Side>())
                {
                    using var guard = GuardedMemory.Install(side);
                    expected.AssertMatches(RunVector(layer, kernel, weights, x), $"{kernel.Name}, {context}");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Panel_kernels_match_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        var layer = KernelCases.Create(model).Layers[0];
        var width = Panel.Width(set);
        ForEachCase(model, layer, (random, weights, context) =>
        {
            foreach (var kernel in Kernels(layer, kernels => kernels.Panel, set))
            {
                foreach (var columns in new[] { 1, width, random.Next(1, width + 1), random.Next(1, width + 1) })
                {
                    var x = Weights.Floats(random, columns * layer.InFeatures);
                    Expected expected = new(layer.Descriptor, weights, x, columns);
                    foreach (var side in Enum.GetValues<GuardedMemory.Side>())
                    {
                        using var guard = GuardedMemory.Install(side);
                        expected.AssertMatches(RunPanel(layer, kernel, weights, x, columns), $"{kernel.Name}, {columns} columns, {context}");
                    }
                }
            }
        });
    }

    /// <summary>Those of W^T, of which training runs what it estimates to be fastest: here all run.</summary>
    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Kernels_of_the_input_gradient_match_the_oracle(string model, InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var layer = KernelCases.InputGradient(KernelCases.Create(model).Layers[0]);
        var seed = model.Sum(letter => letter);
        var random = new Random(seed);
        var width = Panel.Width(set);
        var weights = KernelCases.RandomWeights(layer, random, 0.3);
        var x = Weights.Floats(random, width * layer.InFeatures);
        Expected expected = new(layer.Descriptor, weights, x, width);
        Expected first = new(layer.Descriptor, weights, x[..layer.InFeatures], 1);
        foreach (var kernel in Kernels(layer, kernels => kernels.Panel, set))
        {
            expected.AssertMatches(RunPanel(layer, kernel, weights, x, width), $"{kernel.Name}, {width} columns, seed {seed}");
            first.AssertMatches(RunPanel(layer, kernel, weights, x[..layer.InFeatures], 1), $"{kernel.Name}, 1 column, seed {seed}");
        }

        foreach (var kernel in Kernels(layer, kernels => kernels.Vector, set))
        {
            first.AssertMatches(RunVector(layer, kernel, weights, x[..layer.InFeatures]), $"{kernel.Name}, seed {seed}");
        }
    }

    /// <summary>A part has fewer rows than the layer: how its row numbers are written must not depend on how many they are.</summary>
    [Theory]
    [MemberData(nameof(KernelCases.Sets), MemberType = typeof(KernelCases))]
    public void Parts_of_a_layer_whose_row_numbers_exceed_16_bits_match_the_oracle(InstructionSet set)
    {
        KernelCases.SkipUnsupported(set);
        const int Seed = 8;
        using var parts = SmallParts.Install();
        using var guard = GuardedMemory.Install(GuardedMemory.Side.End);
        var layer = new ManyOutputs().Layer;
        var random = new Random(Seed);
        var weights = KernelCases.RandomWeights(layer, random, 0.3);
        var kernels = Kernels(layer, kernels => kernels.Panel, set).Where(kernel => kernel.Format is PanelCsrFormat { WideCounts: true }).ToList();
        Assert.NotEmpty(kernels);
        // The last is enough for the bodies that take most samples at a time.
        foreach (var columns in new[] { 3, Math.Min(33, Panel.Width(set)) })
        {
            var x = Weights.Floats(random, columns * layer.InFeatures);
            Expected expected = new(layer.Descriptor, weights, x, columns);
            Assert.All(kernels, kernel => expected.AssertMatches(RunPanel(layer, kernel, weights, x, columns), $"{kernel.Name}, {columns} columns, seed {Seed}"));
        }
    }

    private static void ForEachCase(string model, Linear layer, Action<Random, Weights, string> run)
    {
        for (var i = 0; i < Densities.Length; i++)
        {
            // The case's own seed: a failure names what repeats it.
            var seed = model.Sum(letter => letter) + (1000 * i);
            var random = new Random(seed);
            run(random, KernelCases.RandomWeights(layer, random, Densities[i]), $"density {Densities[i]}, seed {seed}");
            using var parts = SmallParts.Install();
            run(random, KernelCases.RandomWeights(layer, random, Densities[i]), $"density {Densities[i]}, seed {seed}, in parts");
        }
    }

    private static IEnumerable<TKernel> Kernels<TKernel>(Linear layer, Func<LayerKernels, IReadOnlyList<TKernel>> select, InstructionSet set)
        where TKernel : Kernel
        => new[] { layer.SparseKernels, layer.DenseKernels }
            .OfType<LayerKernels>().SelectMany(select).Where(kernel => kernel.InstructionSet == set);

    private static float[] RunVector(Linear layer, VectorKernel kernel, Weights weights, float[] x)
    {
        var pack = Pack.Create(weights.ToMatrix(), weights.Bias, kernel.Format);
        var input = AlignedBuffer.OfFloats(WholeVectors(kernel.Format.PaddedColumns(layer.InFeatures)));
        var output = AlignedBuffer.OfFloats(WholeVectors(kernel.Format.PaddedRows(layer.OutFeatures)));
        x.CopyTo(new Span<float>(input.Floats, x.Length));
        foreach (var part in pack.Parts)
        {
            Assert.True(kernel.Run(input.Floats, output.Floats, part), $"{kernel.Name} declined finite activations.");
        }

        var y = new Span<float>(output.Floats, layer.OutFeatures).ToArray();
        GC.KeepAlive(pack);
        GC.KeepAlive(input);
        GC.KeepAlive(output);
        return y;
    }

    /// <summary>Writes into a feature-major batch that is wider than the panel's live columns: the rest must stay as it was.</summary>
    private static float[] RunPanel(Linear layer, PanelKernel kernel, Weights weights, float[] x, int columns)
    {
        var width = Panel.Width(kernel.InstructionSet);
        var stride = columns + 3;
        var pack = Pack.Create(weights.ToMatrix(), weights.Bias, kernel.Format);
        var input = AlignedBuffer.OfFloats((long)kernel.Format.PaddedColumns(layer.InFeatures) * width);
        var partial = AlignedBuffer.OfFloats((long)kernel.Format.PaddedRows(layer.OutFeatures) * width);
        // The last row ends with its last live column: the guard page stands right behind it.
        var output = AlignedBuffer.OfFloats(((long)(layer.OutFeatures - 1) * stride) + columns);
        var panel = new Span<float>(input.Floats, (int)(input.Bytes / sizeof(float)));
        panel[..(layer.InFeatures * width)].Fill(float.NaN);
        for (var sample = 0; sample < columns; sample++)
        {
            for (var feature = 0; feature < layer.InFeatures; feature++)
            {
                panel[(feature * width) + sample] = x[(sample * layer.InFeatures) + feature];
            }
        }

        var result = new Span<float>(output.Floats, (int)(output.Bytes / sizeof(float)));
        result.Fill(Canary);
        foreach (var part in pack.Parts)
        {
            kernel.Run(input.Floats, output.Floats, stride, columns, partial.Floats, part);
        }

        var y = new float[columns * layer.OutFeatures];
        for (var i = 0; i < result.Length; i++)
        {
            var (row, sample) = (i / stride, i % stride);
            if (sample < columns)
            {
                y[(sample * layer.OutFeatures) + row] = result[i];
            }
            else
            {
                Assert.True(result[i] == Canary, $"{kernel.Name} wrote beyond {columns} columns, at row {row}, column {sample}.");
            }
        }

        GC.KeepAlive(pack);
        GC.KeepAlive(input);
        GC.KeepAlive(partial);
        GC.KeepAlive(output);
        return y;
    }

    private static long WholeVectors(int features) => (features + 15L) / 16 * 16;
}
