using System.Reflection;
using KernelGen.Generator.Emission.Cpu;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Planning;

/// <summary>What every plan must satisfy, and the choices for the patterns that matter most.</summary>
public sealed class PlannerTests
{
    private static readonly SparsitySpec[] Patterns =
    [
        new DenseSpec(), new UnstructuredSpec(0), new NMSpec(1, 1), new NMSpec(2, 4), new NMSpec(3, 5), new NMSpec(4, 16), new NMSpec(7, 20),
        new NMSpec(2, 32), new NMSpec(1, 64), new BlockSpec(16, 1, 0), new BlockSpec(8, 8, 0), new BlockSpec(4, 4, 0), new BlockSpec(1, 8, 0),
        new BlockSpec(2, 3, 0), new BlockSpec(8, 3, 0),
        new BlockSpec(11, 3, 0), new BlockSpec(128, 1, 0), new BlockSpec(24, 80, 0), new BlockSpec(1024, 2, 0),
    ];

    private static readonly int[] Sizes = [1, 2, 3, 10, 16, 17, 100, 127, 300, 784, 1024, 4099];

    [Fact]
    public void The_runtime_library_holds_the_strips_that_plans_take_and_no_other()
        => Assert.Equal(
            Target.All.SelectMany(Strip.Of).Select(strip => strip.TypeName).Order(StringComparer.Ordinal),
            AllPlans().SelectMany(each => each.Plan.Strips).Select(strip => strip.TypeName).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_plan_fits_registers_indices_and_windows()
    {
        foreach (var (kind, plan) in AllPlans())
        {
            var target = plan.Target;
            switch (plan)
            {
                case PanelCsrPlan csr:
                    // Offsets and counts are 16 bits wide.
                    Assert.True(csr.BlockColumns * target.PanelWidth <= 65536, $"{csr}");
                    Assert.True(2 * csr.Vectors <= target.Accumulators, $"{csr}");
                    Assert.Equal(0, target.PanelVectors % csr.Vectors);
                    break;
                case PanelTilePlan tile:
                    Assert.True(tile.PassRows * tile.Vectors <= target.Accumulators, $"{tile}");
                    Assert.Equal(0, tile.Rows % tile.PassRows);
                    Assert.Equal(0, target.PanelVectors % tile.Vectors);
                    break;
                case VectorWindowPlan window:
                    Assert.Equal(target.Window, window.Window);
                    AssertNamesAllColumns(window.Window);
                    Assert.InRange(window.Steps, 1, 8);
                    break;
                case VectorGroupPlan group:
                    var pattern = Assert.IsType<NMSpec>(kind.Pattern);
                    Assert.Equal(0, group.Columns % pattern.M);
                    Assert.InRange(group.Columns, pattern.M, group.Reach.Columns);
                    Assert.Equal(group.Columns / pattern.M * pattern.N, group.Steps);
                    Assert.True(group.Reaches == 1 || group.Reaches * group.Steps <= Math.Max(16, group.Reach.Index.StepsPerWord()), $"{group}");
                    AssertNamesAllColumns(group.Reach);
                    break;
                case VectorBlockPlan block:
                    var shape = Assert.IsType<BlockSpec>(kind.Pattern);
                    Assert.Equal((0, 0, 0), (target.Lanes % block.Rows, shape.Rows % block.Rows, shape.Columns % block.Columns));
                    Assert.InRange(block.StoredColumns, block.Columns, block.Columns * 4 / 3);
                    Assert.Equal(0, block.Together * block.Rows * block.StoredColumns % target.Lanes);
                    Assert.Equal(0, block.Rows * block.StoredColumns * (block.InHalves ? 2 : 1) % target.Lanes);
                    Assert.InRange(block.StepVectors, 2, 8);
                    Assert.True(block.Rows == 1 || block.VectorColumns == 1 || block.Reach.Columns % block.VectorColumns == 0, $"{block}");
                    break;
                case VectorColumnPlan column:
                    Assert.Equal(0, column.Rows % target.Lanes);
                    Assert.True(column.Rows / target.Lanes * column.Chains <= target.Accumulators, $"{column}");
                    break;
                default:
                    Assert.Fail($"An unknown plan: {plan}.");
                    break;
            }
        }
    }

    private static void AssertNamesAllColumns(Reach reach)
    {
        var most = reach.Index switch
        {
            LaneIndex.Column => 256,
            LaneIndex.TableBytes => 64,
            _ => 1 << reach.Index.Bits(),
        };
        Assert.InRange(reach.Columns, 1, most);
        Assert.True(reach.Index.Bits() * reach.Index.StepsPerWord() <= 8 * reach.Index.WordBytes(), $"{reach}");
    }

    [Fact]
    public void Every_plan_costs_something_and_no_two_share_a_member()
    {
        Assert.All(AllPlans(), pair => Assert.All(
            [pair.Plan.Costs.Zen4, pair.Plan.Costs.Xeon], cost => Assert.True(cost.Unit > 0 && cost.Step > 0, $"{pair}")));
        Assert.All(AllPlans().Select(pair => pair.Plan).Distinct().GroupBy(plan => plan.ClassName), plans => Assert.Distinct(plans.Select(plan => plan.Entry)));
    }

    /// <summary>A tile of 6 rows and 64 samples has 24 multiply-adds of 512 bits a column: a Xeon starts two a cycle, a Zen 4 one, and of 256 bits both start two.</summary>
    [Fact]
    public void Dense_tiles_of_512_bits_take_half_the_cycles_on_a_Xeon()
    {
        var avx512 = Dense(Target.Avx512);
        Assert.InRange(avx512.Zen4.Step, 24, 25);
        Assert.InRange(avx512.Xeon.Step, 11.5, 12.5);
        var avx2 = Dense(Target.Avx2);
        Assert.InRange(avx2.Zen4.Step, 24, 27);
        Assert.InRange(avx2.Xeon.Step, 24, 27);

        static KernelCosts Dense(Target target) => Planner.Plan(new KernelKind(64, 64, new DenseSpec(), Activation.None, 0), target)[0].Costs;
    }

    [Fact]
    public void Every_variant_has_cycles_on_every_kind_of_processor()
        => Assert.All(Target.All.Select(VariantTable.For), row => Assert.All([row.Zen4, row.Xeon], cycles =>
        {
            Assert.Equal(row.Csr.Length, cycles.Csr.Length);
            Assert.Equal(row.WindowSteps.Length, cycles.Windows.Length);
        }));

    [Theory]
    [InlineData(128, 1)]
    [InlineData(129, 2)]
    public void A_variant_with_wider_blocks_of_columns_is_emitted_where_it_saves_blocks(int columns, int expected)
        => Assert.Equal(
            expected, Planner.Plan(new KernelKind(64, columns, new UnstructuredSpec(0), Activation.None, 0), Target.Avx512).OfType<PanelCsrPlan>().Count());

    [Theory]
    [InlineData(10, 16)]
    [InlineData(100, 112)]
    [InlineData(128, 128)]
    [InlineData(300, 320)]
    [InlineData(784, 784)]
    public void Dense_latency_tiles_waste_few_rows(int rows, int most)
    {
        var plan = Assert.IsType<VectorColumnPlan>(Planner.Plan(new KernelKind(rows, 64, new DenseSpec(), Activation.None, 0), Target.Avx512)[^1]);
        Assert.InRange((rows + plan.Rows - 1) / plan.Rows * plan.Rows, rows, most);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(16, false)]
    [InlineData(8, false)]
    public void Blocks_taller_than_a_vector_run_column_by_column(int rows, bool expected)
        => Assert.Equal(
            expected, Planner.Plan(new KernelKind(64, 64, new BlockSpec(rows, 2, 0), Activation.None, 0), Target.Avx512)[^1] is VectorColumnPlan);

    [Theory]
    [InlineData(16, 1, 16, 1, 1, 2)]
    [InlineData(8, 8, 8, 8, 8, 1)]
    [InlineData(4, 4, 4, 4, 4, 2)]
    [InlineData(1, 8, 1, 8, 8, 4)]
    [InlineData(8, 3, 8, 1, 1, 4)]
    [InlineData(2, 3, 2, 3, 4, 4)]
    [InlineData(12, 80, 4, 20, 20, 1)]
    [InlineData(24, 2, 8, 2, 2, 2)]
    public void Blocks_share_lanes_in_parts_that_waste_few(int rows, int columns, int partRows, int partColumns, int stored, int together)
    {
        var plan = Assert.IsType<VectorBlockPlan>(
            Planner.Plan(new KernelKind(1024, 1024, new BlockSpec(rows, columns, 0), Activation.None, 0), Target.Avx512)[^1]);
        Assert.Equal((partRows, partColumns, stored, together), (plan.Rows, plan.Columns, plan.StoredColumns, plan.Together));
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(1, 2)]
    [InlineData(4, 1)]
    [InlineData(11, 1)]
    public void Blocks_that_fill_too_little_of_a_vector_run_in_windows(int rows, int columns)
        => Assert.IsType<VectorWindowPlan>(Planner.Plan(new KernelKind(64, 64, new BlockSpec(rows, columns, 0), Activation.None, 0), Target.Avx512)[^1]);

    /// <summary>So many rows times so many vectors take (rows + vectors) loads for (rows * vectors) products, and 24 sums fit, on AVX2 12, scalar 8. Fewer than 4 rows are no tile.</summary>
    [Theory]
    [InlineData("Avx512", 16, 4, 4)]
    [InlineData("Avx512", 8, 4, 4)]
    [InlineData("Avx512", 12, 6, 4)]
    [InlineData("Avx512", 5, 5, 4)]
    [InlineData("Neon", 16, 4, 4)]
    [InlineData("Avx2", 16, 4, 2)]
    [InlineData("Avx2", 12, 6, 2)]
    [InlineData("Avx2", 4, 4, 2)]
    [InlineData("Scalar", 16, 4, 2)]
    public void Passes_over_a_block_take_the_fewest_loads_for_a_product(string target, int rows, int passRows, int vectors)
    {
        var plan = Planner.Plan(new KernelKind(1024, 1024, new BlockSpec(rows, 1, 0), Activation.None, 0), Target.All.Single(own => own.Name == target))[0];
        var tile = Assert.IsType<PanelTilePlan>(plan);
        Assert.Equal((passRows, vectors), (tile.PassRows, tile.Vectors));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(11, false)]
    public void Blocks_of_few_rows_run_as_pairs_of_rows(int rows, bool tiles)
        => Assert.Equal(
            tiles, Planner.Plan(new KernelKind(64, 64, new BlockSpec(rows, 8, 0), Activation.None, 0), Target.Avx512)[0] is PanelTilePlan);

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Groups_that_a_permute_reaches_have_equal_steps(int m, bool expected)
        => Assert.Equal(
            expected, Planner.Plan(new KernelKind(64, 64, new NMSpec(1, m), Activation.None, 0), Target.Avx512)[^1] is VectorGroupPlan);

    [Theory]
    [InlineData(2, 4, 4, 2, 8)]
    [InlineData(1, 4, 4, 1, 16)]
    [InlineData(1, 8, 16, 2, 4)]
    [InlineData(4, 16, 16, 4, 2)]
    [InlineData(3, 5, 15, 9, 1)]
    [InlineData(2, 32, 32, 2, 1)]
    public void Groups_take_the_cheapest_permute_and_fill_its_words(int n, int m, int columns, int steps, int reaches)
    {
        var plan = Assert.IsType<VectorGroupPlan>(
            Planner.Plan(new KernelKind(64, 1024, new NMSpec(n, m), Activation.None, 0), Target.Avx512)[^1]);
        Assert.Equal((columns, steps, reaches), (plan.Columns, plan.Steps, plan.Reaches));
    }

    [Fact]
    public void Columns_are_written_as_the_runtime_says()
    {
        // By reflection, as for panels.
        var index = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "KernelGen.Runtime.dll")).GetType("KernelGen.Formats.LaneIndex", true)!;
        var writer = index.Assembly.GetType("KernelGen.Formats.LaneIndexWriter", true)!;
        Assert.Equal(Enum.GetNames<LaneIndex>(), Enum.GetNames(index));
        Assert.All(Enum.GetValues<LaneIndex>(), own =>
        {
            object[] theirs = [Enum.Parse(index, own.ToString())];
            Assert.Equal(own.StepsPerWord(), writer.GetMethod("StepsPerWord")!.Invoke(null, theirs));
            Assert.Equal(own.WordBytes(), writer.GetMethod("WordBytes")!.Invoke(null, theirs));
        });
    }

    [Fact]
    public void Every_dialect_has_its_target_and_its_row()
        => Assert.All(Dialect.All, dialect => Assert.Equal(dialect.Target, VariantTable.For(dialect.Target).Target));

    [Fact]
    public void Panels_are_as_wide_as_the_runtime_says()
    {
        // By reflection: the generator compiles the annotations in, so its tests can't reference the runtime.
        var panel = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "KernelGen.Runtime.dll")).GetType("KernelGen.Dispatch.Panel", true)!;
        var width = panel.GetMethod("Width")!;
        var sets = width.GetParameters()[0].ParameterType;
        var rowMultiple = (int)panel.GetField("RowMultiple")!.GetRawConstantValue()!;
        Assert.All(Dialect.All, dialect =>
        {
            Assert.Equal(dialect.Target.PanelWidth, width.Invoke(null, [Enum.Parse(sets, dialect.Name)]));
            Assert.Equal(0, rowMultiple % dialect.Lanes);
        });
    }

    private static IEnumerable<(KernelKind Kind, KernelPlan Plan)> AllPlans()
        => from pattern in Patterns
           from rows in Sizes
           from columns in Sizes
           from dialect in Dialect.All
           let kind = new KernelKind(rows, columns, pattern, Activation.None, 0)
           from plan in Planner.Plan(kind, dialect.Target)
           select (kind, plan);
}
