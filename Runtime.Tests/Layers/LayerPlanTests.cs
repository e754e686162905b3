using KernelGen.Dispatch;
using Xunit;

namespace KernelGen.Runtime.Tests;

[Collection(ProcessWide.Name)]
public sealed class LayerPlanTests
{
    [Fact]
    public void A_sparse_plan_reads_well()
    {
        using var _ = Isa.Override(InstructionSet.Scalar);
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        SetActive(layer, 60);

        Assert.Equal(
            """
            Fc1 on scalar: 60 of 273 weights, density 0.2198
              latency: WindowVector13x21.Scalar, 4 rows in lanes, 3 steps in windows of 8 columns, 784 bytes; density 0.2198 is within the crossover 0.5: runs sparse
              throughput: CsrPanel13x21.Scalar, pairs of rows, CSR in blocks of 8 columns, 586 bytes; density 0.2198 is within the crossover 0.5: runs sparse
            """.ReplaceLineEndings("\n"),
            layer.Plan.ToString());
        Assert.Equal(60 / 273.0, layer.Plan.Density);
    }

    [Theory]
    [InlineData(136, "density 0.4982 is within the crossover 0.5: runs sparse")]
    [InlineData(137, "density 0.5018 is above the crossover 0.5: runs dense")]
    [InlineData(0, "density 0 is within the crossover 0.5: runs sparse")]
    [InlineData(273, "density 1 is above the crossover 0.5: runs dense")]
    public void The_density_decides(int active, string reason)
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        SetActive(layer, active);

        Assert.Equal((active, 273L), (layer.Plan.Nonzeros, layer.Plan.Weights));
        Assert.Equal((reason, reason), (layer.Plan.Latency.Reason, layer.Plan.Throughput.Reason));
        Assert.StartsWith(reason.EndsWith("dense", StringComparison.Ordinal) ? "Dense" : "Csr", layer.Plan.Throughput.Kernel, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dense_layer_says_so()
    {
        var layer = FakeNetwork.Dense<Shape7To5>("Fc4");
        FakeNetwork.SetRandomWeights(layer, new Random(1));

        Assert.Equal("the layer is declared dense", layer.Plan.Latency.Reason);
        Assert.Equal("dense tiles of 4 rows", layer.Plan.Latency.Format);
        Assert.Equal((8 * 7 * 4) + (8 * 4), layer.Plan.Throughput.Bytes);
    }

    [Fact]
    public void The_first_sparse_kernel_that_fits_runs()
    {
        using var _ = Isa.Override(InstructionSet.Scalar);
        var first = FakeKernels<Shape7To5, ScalarSet>.CsrPanel(0.2);
        var second = FakeKernels<Shape7To5, ScalarSet>.BlockPanel(0.6);
        var descriptor = new LayerDescriptor("Fc1", 7, 5, true, Activation.None, 0, new UnstructuredPattern(0.5));
        var layer = new Linear(descriptor, new LayerKernels([first, second], []), FakeNetwork.DenseKernels<Shape7To5>());

        SetActive(layer, 7);
        Assert.Equal(first.Name, layer.Plan.Throughput.Kernel);
        Assert.Equal("the build emitted no sparse kernel for scalar: runs dense", layer.Plan.Latency.Reason);
        SetActive(layer, 21);
        Assert.Equal(second.Name, layer.Plan.Throughput.Kernel);
        SetActive(layer, 22);
        Assert.Equal("density 0.6286 is above the crossover 0.6: runs dense", layer.Plan.Throughput.Reason);
    }

    [Fact]
    public void An_instruction_set_without_kernels_is_a_clear_error()
    {
        using var _ = Isa.Override(InstructionSet.Scalar);
        var descriptor = new LayerDescriptor("Fc1", 7, 5, true, Activation.None, 0, new DensePattern());
        var layer = new Linear(descriptor, null, new LayerKernels([], []));
        SetActive(layer, 7);

        var error = Assert.Throws<InvalidOperationException>(() => layer.Plan);

        Assert.StartsWith("The build emitted no kernel for scalar in layer Fc1", error.Message, StringComparison.Ordinal);
    }

    private static void SetActive(Linear layer, int count)
    {
        var mask = new bool[layer.InFeatures * layer.OutFeatures];
        for (var i = 0; i < count; i++)
        {
            mask[i * mask.Length / count] = true;
        }

        layer.SetWeights(new float[mask.Length], new float[layer.OutFeatures], mask);
    }
}
