using KernelGen.Dispatch;
using KernelGen.Vectors;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>Layers and networks of fake kernels: 21 unstructured 13 unstructured without bias 10 block 7 dense 5.</summary>
internal static class FakeNetwork
{
    public static double Crossover => 0.5;

    /// <summary>The instruction sets that this process can use.</summary>
    public static TheoryData<InstructionSet> Sets => [.. Enum.GetValues<InstructionSet>().Where(Isa.IsSupported)];

    public static SparseNetwork Create() => Of(
        [
            Unstructured<Shape21To13>("Fc1"), Unstructured<Shape13To10>("Fc2", bias: false),
            Block<Shape10To7>("Fc3"), Dense<Shape7To5>("Fc4"),
        ],
        [
            FakeTransform<ScalarSet>.Create(), FakeTransform<NeonSet>.Create(),
            FakeTransform<Avx2Set>.Create(), FakeTransform<Avx512Set>.Create(),
        ]);

    public static SparseNetwork Of(Linear[] layers, PanelTransform[] transforms)
        => new(new ModelDescriptor("Fake", Array.ConvertAll(layers, layer => layer.Descriptor)), layers, transforms);

    public static Linear Unstructured<TShape>(string name, bool bias = true)
        where TShape : IFakeShape
    {
        var sparse = new LayerKernels(
            [
                FakeKernels<TShape, ScalarSet>.CsrPanel(Crossover), FakeKernels<TShape, NeonSet>.CsrPanel(Crossover),
                FakeKernels<TShape, Avx2Set>.CsrPanel(Crossover), FakeKernels<TShape, Avx512Set>.CsrPanel(Crossover),
            ],
            [
                FakeKernels<TShape, ScalarSet>.WindowVector(Crossover), FakeKernels<TShape, NeonSet>.WindowVector(Crossover),
                FakeKernels<TShape, Avx2Set>.WindowVector(Crossover), FakeKernels<TShape, Avx512Set>.WindowVector(Crossover),
            ]);
        return new Linear(Describe<TShape>(name, new UnstructuredPattern(0.9), bias), sparse, DenseKernels<TShape>());
    }

    public static Linear Block<TShape>(string name)
        where TShape : IFakeShape
    {
        // The latency kernel goes sparse for longer than the throughput kernel.
        var sparse = new LayerKernels(
            [
                FakeKernels<TShape, ScalarSet>.BlockPanel(Crossover), FakeKernels<TShape, NeonSet>.BlockPanel(Crossover),
                FakeKernels<TShape, Avx2Set>.BlockPanel(Crossover), FakeKernels<TShape, Avx512Set>.BlockPanel(Crossover),
            ],
            [
                FakeKernels<TShape, ScalarSet>.WindowVector(1), FakeKernels<TShape, NeonSet>.WindowVector(1),
                FakeKernels<TShape, Avx2Set>.WindowVector(1), FakeKernels<TShape, Avx512Set>.WindowVector(1),
            ]);
        return new Linear(Describe<TShape>(name, new BlockPattern(2, 4, 0.5)), sparse, DenseKernels<TShape>());
    }

    public static Linear Dense<TShape>(string name)
        where TShape : IFakeShape
        => new(Describe<TShape>(name, new DensePattern()), null, DenseKernels<TShape>());

    public static LayerKernels DenseKernels<TShape>()
        where TShape : IFakeShape
        => new(
            [
                FakeKernels<TShape, ScalarSet>.DensePanel(), FakeKernels<TShape, NeonSet>.DensePanel(),
                FakeKernels<TShape, Avx2Set>.DensePanel(), FakeKernels<TShape, Avx512Set>.DensePanel(),
            ],
            [
                FakeKernels<TShape, ScalarSet>.DenseVector(), FakeKernels<TShape, NeonSet>.DenseVector(),
                FakeKernels<TShape, Avx2Set>.DenseVector(), FakeKernels<TShape, Avx512Set>.DenseVector(),
            ]);

    /// <summary>Random weights that fit the layer's pattern.</summary>
    public static Weights SetRandomWeights(Linear layer, Random random, double density = 0.3)
    {
        var weights = layer.Descriptor.Pattern switch
        {
            BlockPattern block => Weights.RandomBlocks(random, layer.OutFeatures, layer.InFeatures, block.Rows, block.Columns, density),
            DensePattern => Weights.Random(random, layer.OutFeatures, layer.InFeatures, 1),
            _ => Weights.Random(random, layer.OutFeatures, layer.InFeatures, density),
        };
        weights = layer.Descriptor.Bias ? weights.WithBias(random) : weights;
        layer.SetWeights(weights.Values, weights.Bias, weights.Mask);
        return weights;
    }

    private static LayerDescriptor Describe<TShape>(string name, SparsityPattern pattern, bool bias = true)
        where TShape : IFakeShape
        => new(name, TShape.In, TShape.Out, bias, Activation.None, 0, pattern);
}
