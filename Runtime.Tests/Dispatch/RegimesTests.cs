using KernelGen.Dispatch;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Runtime.Tests;

/// <summary>Which regime a batch takes, by costs that leave no doubt.</summary>
public sealed class RegimesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_cheap_latency_kernel_runs_few_samples_one_by_one(int batch)
        => Assert.True(Regimes.RunsOneByOne([State(panel: null, vector: FakeKernels<Shape21To13, Avx512Set>.WindowVector(1000))], InstructionSet.Avx512, batch));

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void A_cheap_panel_kernel_takes_them_together(int batch)
        => Assert.False(Regimes.RunsOneByOne([State(panel: FakeKernels<Shape21To13, Avx512Set>.CsrPanel(1000), vector: null)], InstructionSet.Avx512, batch));

    [Fact]
    public void One_sample_runs_alone_and_a_full_vector_together_whatever_they_cost()
    {
        Assert.True(Regimes.RunsOneByOne([State(FakeKernels<Shape21To13, Avx512Set>.CsrPanel(1000), vector: null)], InstructionSet.Avx512, 1));
        Assert.False(Regimes.RunsOneByOne([State(panel: null, FakeKernels<Shape21To13, Avx512Set>.WindowVector(1000))], InstructionSet.Avx512, 16));
    }

    /// <summary>Two samples fill a quarter of a panel. A panel of pairs, whose weights and offsets fewer then share, costs them more than that; one of tiles or blocks doesn't.</summary>
    [Fact]
    public unsafe void Few_samples_pay_more_than_their_share_of_a_panel_in_pairs()
    {
        var pairs = State(new PanelKernel(InstructionSet.Avx512, "Pairs", new PanelCsrFormat(21, 64), new(new(unit: 32, step: 0)), null), Vector());
        var blocks = State(new PanelKernel(InstructionSet.Avx512, "Blocks", new BlockFormat(2, 21), new(new(unit: 32, step: 0)), null), Vector());

        // What two samples cost alone: more than a quarter of the panel, but not by much.
        Assert.All([pairs, blocks], state => Assert.Equal(1.2, 2 * state.Cycles(InstructionSet.Avx512).Sample / (state.Cycles(InstructionSet.Avx512).Panel / 4), 1e-9));
        Assert.True(Regimes.RunsOneByOne([pairs], InstructionSet.Avx512, 2));
        Assert.False(Regimes.RunsOneByOne([blocks], InstructionSet.Avx512, 2));

        // 7 pairs of rows of 32 cycles each, or as many rows of blocks; for one sample 4 rows of blocks.
        static VectorKernel Vector() => new(InstructionSet.Avx512, "Vector", new BlockFormat(4, 21), new(new(unit: 8.4, step: 0)), null);
    }

    /// <summary>A tenth of the weights is active. Without a sparse kernel a regime runs dense: a panel's 16 lanes then cost as much as reading a sample's pack four times.</summary>
    private static LayerState State(PanelKernel? panel, VectorKernel? vector)
    {
        var descriptor = new LayerDescriptor("Fc1", 21, 13, false, Activation.None, 0, new UnstructuredPattern(0.9));
        var weights = Weights.Random(new Random(1), 13, 21, 0.1).ToMatrix();
        return new LayerState(
            descriptor, new LayerKernels(panel is null ? [] : [panel], vector is null ? [] : [vector]), FakeNetwork.DenseKernels<Shape21To13>(), weights, [], Packing.Thorough);
    }
}
