using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KernelGen.Dispatch;
using KernelGen.Formats;
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
              latency: WindowVector13x21.Scalar, 4 rows in lanes, 3 steps in windows of 8 columns, 784 bytes; estimated at 0.37 of the dense kernel's time: runs sparse
              throughput: CsrPanel13x21.Scalar, pairs of rows, CSR in blocks of 8 columns, 586 bytes; estimated at 0.42 of the dense kernel's time: runs sparse
            """.ReplaceLineEndings("\n"),
            layer.Plan.ToString());
        Assert.Equal(60 / 273.0, layer.Plan.Density);
    }

    [Theory]
    [InlineData(136, "estimated at 0.95 of the dense kernel's time: runs sparse")]
    [InlineData(137, "the best sparse kernel is estimated at 0.95 of the dense kernel's time: runs dense")]
    [InlineData(10, "estimated at 0.07 of the dense kernel's time: runs sparse")]
    [InlineData(273, "the best sparse kernel is estimated at 1.9 of the dense kernel's time: runs dense")]
    public void The_estimate_decides(int active, string reason)
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        SetActive(layer, active);

        Assert.Equal((active, 273L), (layer.Plan.Nonzeros, layer.Plan.Weights));
        Assert.Equal(reason, layer.Plan.Throughput.Reason);
        Assert.StartsWith(reason.EndsWith("dense", StringComparison.Ordinal) ? "Dense" : "Csr", layer.Plan.Throughput.Kernel, StringComparison.Ordinal);
    }

    /// <summary>What is left is the pack's bytes, which every kind of processor reads at its own pace.</summary>
    [Fact]
    public void A_layer_of_which_nothing_is_active_runs_sparse()
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        SetActive(layer, 0);

        Assert.Equal((0, 273L), (layer.Plan.Nonzeros, layer.Plan.Weights));
        Assert.Matches("^estimated at 0.0[12] of the dense kernel's time: runs sparse$", layer.Plan.Throughput.Reason);
        Assert.StartsWith("Csr", layer.Plan.Throughput.Kernel, StringComparison.Ordinal);
    }

    [Fact]
    public void Measured_kernels_say_so_and_leave_nothing_behind()
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        layer.Packing = Packing.Measured;
        SetActive(layer, 27);

        Assert.Matches("^(measured at [0-9.]+ of the dense kernel's time: runs sparse|the best sparse kernel is measured at [0-9.]+ of the dense kernel's time: runs dense)$", layer.Plan.Throughput.Reason);
        Assert.Contains("measured at ", layer.Plan.Latency.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Packs_that_were_only_measured_are_let_go()
    {
        var layer = FakeNetwork.Unstructured<Shape21To13>("Fc1");
        layer.Packing = Packing.Measured;
        SetActive(layer, 27);

        var buffers = BuildPlan(layer);
        GC.Collect();

        // Of three formats at most two run: CSR and windows, or dense tiles, which both regimes share.
        var state = layer.RequireState();
        var packs = new[] { state.Panel(Isa.Current).Pack, state.Vector(Isa.Current).Pack }.Distinct();
        Assert.Equal(packs.Sum(pack => pack.Bytes), buffers.Sum(buffer => buffer.Owner.IsAlive ? buffer.Bytes : 0));
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
    public void The_mask_decides_which_sparse_kernel_runs()
    {
        using var _ = Isa.Override(InstructionSet.Scalar);
        var csr = FakeKernels<Shape7To5, ScalarSet>.CsrPanel(0.2);
        var block = FakeKernels<Shape7To5, ScalarSet>.BlockPanel(0.6);
        var descriptor = new LayerDescriptor("Fc1", 7, 5, true, Activation.None, 0, new UnstructuredPattern(0.5));
        var layer = new Linear(descriptor, new LayerKernels([csr, block], []), FakeNetwork.DenseKernels<Shape7To5>());

        // Three scattered weights meet three blocks; eight together fill one.
        SetActive(layer, 3);
        Assert.Equal(csr.Name, layer.Plan.Throughput.Kernel);
        Assert.Equal("the build emitted no sparse kernel for scalar: runs dense", layer.Plan.Latency.Reason);
        SetActive(layer, [0, 1, 2, 3, 7, 8, 9, 10]);
        Assert.Equal(block.Name, layer.Plan.Throughput.Kernel);
        SetActive(layer, 35);
        Assert.StartsWith("Dense", layer.Plan.Throughput.Kernel, StringComparison.Ordinal);
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

    /// <summary>Everything that building the plan allocates; a method of its own, whose variables keep nothing alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<(WeakReference Owner, long Bytes)> BuildPlan(Linear layer)
    {
        var buffers = new List<(WeakReference, long)>();
        AlignedBuffer.Allocator = (bytes, _) =>
        {
            var memory = GC.AllocateArray<byte>((int)bytes + AlignedBuffer.Alignment, pinned: true);
            buffers.Add((new WeakReference(memory), bytes));
            var address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
            return ((address + AlignedBuffer.Alignment - 1) & -AlignedBuffer.Alignment, memory);
        };
        try
        {
            _ = layer.Plan;
        }
        finally
        {
            AlignedBuffer.Allocator = null;
        }

        return buffers;
    }

    private static void SetActive(Linear layer, int count)
        => SetActive(layer, Enumerable.Range(0, count).Select(i => i * (int)layer.Descriptor.WeightCount / count));

    private static void SetActive(Linear layer, IEnumerable<int> weights)
    {
        var mask = new bool[layer.InFeatures * layer.OutFeatures];
        foreach (var weight in weights)
        {
            mask[weight] = true;
        }

        layer.SetWeights(new float[mask.Length], new float[layer.OutFeatures], mask);
    }
}
