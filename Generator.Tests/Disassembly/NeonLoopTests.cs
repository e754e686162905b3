using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Tests.Disassembly;

/// <summary>
/// What the compiler at run time makes of the kernels on NEON, read from its own listing: sums stay in registers, whole vectors are multiplied by lanes,
/// and a turn takes the instructions that the plan predicts.
/// </summary>
public sealed class NeonLoopTests
{
    /// <summary>The listing of the kernels' tests on NEON, which .ci/neon makes.</summary>
    private const string ListingVariable = "KERNELGEN_NEON_LISTING";

    /// <summary>The greatest number that a comparison of NEON's holds: 12 bits.</summary>
    private const int GreatestCompared = 4095;

    /// <summary>The kernels that the table in docs shows: some of each skeleton.</summary>
    private static readonly string[] Shown =
    [
        "PanelCsr.Pairs of NeonStrip8", "PanelCsr.Pairs of NeonStrip1", "PanelTiles.Dense6 of NeonStrip4", "PanelTiles.Dense6 of NeonStrip1", "PanelTiles.Block8x8By4 of NeonStrip4",
        "PanelTiles.Block4x4 of NeonStrip4", "PanelTiles.Block16x1By4 of NeonStrip4", "VectorWindowsNeon.RunSteps2", "VectorGroupsNeon.RunKeep2of4", "VectorGroupsNeon.RunKeep1of8",
        "VectorGroupsNeon.RunKeep4of16", "VectorBlocksNeon.RunBlock4x4", "VectorBlocksNeon.RunBlock2x8", "VectorBlocksNeon.RunBlock1x8",
        "VectorColumns.DenseTwoStrips of NeonStrip4,NeonStrip3", "VectorColumns.Blocks8In2Chains of NeonStrip2", "VectorColumns.Blocks1 of NeonStrip4",
        "SampledCsrNeon.Samples32", "SampledCsrNeon.Samples16",
    ];

    [Fact]
    public void Kernels_keep_their_sums_in_registers_and_multiply_whole_vectors() => Listing.AssertSound(Target.Neon, NeonListing());

    [Fact]
    public void Kernels_multiply_by_lane()
        => Assert.All(NeonListing().SelectMany(method => method.Loops.Select(loop => (method, loop))), pair => Assert.True(pair.loop.Broadcasts == 0, $"{pair.method} broadcasts."));

    [Fact]
    public void A_turn_takes_the_instructions_that_the_plan_predicts()
    {
        var listing = NeonListing();
        Assert.All(PlannedBody.Of(Target.Neon), body =>
        {
            var found = Fullest(body, listing).Loops;
            Assert.True(found.Count == body.Loops.Count, $"{body.Name} has {found.Count} inner loops, not {body.Loops.Count}.");
            foreach (var (planned, loop) in body.Loops.Zip(found))
            {
                Assert.True(loop.Products == planned.Products, $"{body.Name}, {planned.Name}: {loop.Products} products a turn, not {planned.Products}.");
                // The compiler may save an address or a load that the plan counts, no more.
                Assert.True(
                    loop.Instructions.Count <= planned.Instructions && loop.Instructions.Count >= planned.Instructions - 2,
                    $"{body.Name}, {planned.Name}: {loop.Instructions.Count} instructions a turn, where the plan predicts {planned.Instructions}.");
            }
        });
    }

    /// <summary>The table in docs/targets.md; KERNELGEN_UPDATE_SNAPSHOTS=1 accepts what comes.</summary>
    [Fact]
    public void The_table_of_inner_loops_is_what_the_compiler_lists()
    {
        const string Begin = "<!-- inner loops -->\n";
        const string End = "<!-- /inner loops -->";
        var table = Table(NeonListing());
        var path = Path.Combine(PlannedBody.Repository, "docs", "targets.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("KERNELGEN_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, page[..start] + table + page[end..]);
            return;
        }

        Assert.Equal(table, page[start..end]);
    }

    private static string Table(IReadOnlyList<ListedMethod> listing)
    {
        var bodies = PlannedBody.Of(Target.Neon).ToDictionary(body => body.Name);
        var rows = from name in Shown
                   from pair in bodies[name].Loops.Zip(Fullest(bodies[name], listing).Loops)
                   let products = (double)pair.First.Products
                   select FormattableString.Invariant($"| {name} | {pair.First.Name} | {pair.Second.Products} | {pair.Second.Loads} | {pair.Second.Spills} | ")
                       + FormattableString.Invariant($"{pair.First.Instructions} | {pair.Second.Instructions.Count} | {pair.First.Instructions / products:F2} | {pair.Second.Instructions.Count / products:F2} |\n");
        return "| kernel | loop | products | loads | spills | instructions, planned | counted | for a product, planned | counted |\n|---|---|---|---|---|---|---|---|---|\n" + string.Concat(rows);
    }

    /// <summary>
    /// The instance that has all loops, or most: those of small layers may run once and be none. A number of inputs that no comparison holds would be moved
    /// to a register each turn.
    /// </summary>
    private static ListedMethod Fullest(PlannedBody body, IReadOnlyList<ListedMethod> listing)
        => body.Instances(listing).OrderByDescending(method => method.Loops.Count).ThenBy(method => method.In > GreatestCompared).ThenByDescending(method => method.In).First();

    private static IReadOnlyList<ListedMethod> NeonListing()
    {
        var path = Environment.GetEnvironmentVariable(ListingVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{ListingVariable} names no listing; .ci/neon makes one and runs this test.");
        return Listing.Read(path!);
    }
}
