using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Planning.Gpu;

namespace KernelGen.Generator.Tests.Planning;

/// <summary>What every GPU plan must satisfy, over many shapes and patterns.</summary>
public sealed class GpuPlannerTests
{
    /// <summary>What a group may take of shared memory on any device, without asking for more.</summary>
    private const int MostSharedBytes = 48 * 1024;

    private static readonly int[] Sizes = [1, 2, 7, 10, 31, 64, 100, 131, 300, 1024];

    private static IEnumerable<SparsitySpec> Patterns =>
    [
        new DenseSpec(),
        new UnstructuredSpec(0),
        .. new[] { (1, 2), (2, 4), (1, 8), (3, 5), (4, 16), (7, 20), (1, 64), (5, 64), (3, 1000) }.Select(p => new NMSpec(p.Item1, p.Item2)),
        .. new[] { (8, 8), (4, 4), (2, 4), (1, 8), (16, 1), (5, 3), (11, 1), (3, 40), (1, 1), (64, 7) }.Select(p => new BlockSpec(p.Item1, p.Item2, 0)),
    ];

    private static IEnumerable<KernelKind> Kinds
        => from pattern in Patterns
           from rows in Sizes
           from columns in Sizes
           select new KernelKind(rows, columns, pattern, Activation.None, 0);

    [Fact]
    public void A_kind_has_a_wide_and_a_narrow_kernel_of_different_names()
        => Assert.All(Kinds, kind => Assert.Equal(["Wide", "Narrow"], GpuPlanner.Plan(kind).Select(plan => plan.Method)));

    [Fact]
    public void Shared_memory_suffices_on_any_device()
        => Assert.All(Kinds.SelectMany(GpuPlanner.Plan), plan => Assert.InRange(plan.SharedBytes, 1, MostSharedBytes));

    [Fact]
    public void Kernels_of_a_kind_share_a_pack()
        => Assert.All(Kinds.Select(GpuPlanner.Plan), plans =>
        {
            Assert.Single(plans.Select(plan => (plan.Tile.PackRows, plan.Tile.StageColumns)).Distinct());
            Assert.All(plans, plan => Assert.Equal(0, plan.Tile.PackRows % plan.Tile.GroupRows));
        });

    /// <summary>A pack holds whole warps of 8 rows, or of a few blocks.</summary>
    [Fact]
    public void Packs_are_no_taller_than_the_layer_needs()
        => Assert.All(Kinds.SelectMany(GpuPlanner.Plan), plan => Assert.InRange(plan.Tile.PackRows, 1, plan.Kind.Out + 7));

    /// <summary>Of two groups that share a multiprocessor of SM 75 with 64 KB.</summary>
    [Fact]
    public void Two_groups_of_weight_gradients_find_room_on_any_device()
        => Assert.All(Kinds.Select(GpuSampledPlan.Of), plan => Assert.InRange(plan.SharedBytes, 1, 32 * 1024));

    [Fact]
    public void Units_of_weight_gradients_fill_windows_and_registers()
        => Assert.All(Kinds.Select(GpuSampledPlan.Of), plan =>
        {
            Assert.InRange(plan.Sums, 1, 64);
            Assert.InRange(plan.Warps, 1, 8);
            // A place of scattered weights is a byte whose highest bit is 0.
            Assert.True(plan.IsScattered ? plan is { Rows: 1, Columns: 4, WindowColumns: <= 128 } : plan.WindowColumns % plan.Columns == 0);
            Assert.True(plan.Kind.Pattern is not BlockSpec p || plan.IsScattered || (p.Rows % plan.Rows == 0 && p.Columns % plan.Columns == 0));
        });

    [Fact]
    public void Blocks_and_steps_fill_stages()
        => Assert.All(Kinds.SelectMany(GpuPlanner.Plan), plan => Assert.True(plan switch
        {
            GpuBlockPlan p => p.Tile.StageColumns % p.Columns == 0 && p.Tile.WarpRows % p.Rows == 0,
            GpuGroupPlan p => p.Tile.StageColumns % (p.M * p.StepGroups) == 0 && p.M < 1 << p.PlaceBits,
            _ => plan.Stages * plan.Tile.StageColumns >= plan.Kind.In,
        }));
}
