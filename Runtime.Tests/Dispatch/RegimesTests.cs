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

    /// <summary>A tenth of the weights is active. Without a sparse kernel a regime runs dense: a panel's 16 lanes then cost as much as reading a sample's pack four times.</summary>
    private static LayerState State(PanelKernel? panel, VectorKernel? vector)
    {
        var descriptor = new LayerDescriptor("Fc1", 21, 13, false, Activation.None, 0, new UnstructuredPattern(0.9));
        var weights = Weights.Random(new Random(1), 13, 21, 0.1).ToMatrix();
        return new LayerState(
            descriptor, new LayerKernels(panel is null ? [] : [panel], vector is null ? [] : [vector]), FakeNetwork.DenseKernels<Shape21To13>(), weights, [], Packing.Thorough);
    }
}
