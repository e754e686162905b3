using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Emission;

/// <summary>What an emitted kernel tells the runtime of its cost.</summary>
public sealed class KernelCostTests
{
    [Fact]
    public void Each_kind_of_processor_has_its_own_cycles()
        => Assert.Contains(
            "new KernelCosts(zen4: new(1d, 2.5d, 3d), xeon: new(4d, 5d, 0d)), &",
            Text(new KernelCosts(new KernelCost(1, 2.5, 3), new KernelCost(4, 5))),
            StringComparison.Ordinal);

    [Fact]
    public void Cycles_that_are_equal_are_told_once()
        => Assert.Contains(
            "new KernelCosts(new(1d, 2.5d, 3d)), &", Text(new KernelCosts(new KernelCost(1, 2.5, 3), new KernelCost(1, 2.5, 3))), StringComparison.Ordinal);

    private static string Text(KernelCosts costs)
    {
        KernelPlan plan = new PanelCsrPlan(Target.Avx512, costs, BlockColumns: 128, Vectors: 4, WideCounts: false);
        return CpuKernelFile.Emit(new KernelClass(new[] { plan }.ToEquatableArray(), "Emitted.Kernels")).Text;
    }
}
