using System.Runtime.CompilerServices;
using KernelGen.Gpu.Tests.Models;
using Xunit;

namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>Every kernel, assembled for three generations of GPUs: nothing spills, and as many groups as planned share a multiprocessor.</summary>
public sealed class ResourceTests
{
    /// <summary>Groups that share a multiprocessor by plan: one loads while the other multiplies.</summary>
    private const int PlannedGroups = 2;

    /// <summary>More shared memory than a group may take so that two find room on SM 75, where they have 64 KB together.</summary>
    private const int HalfOfSm75 = 32 * 1024;

    /// <summary>What a group may take of shared memory, on any device.</summary>
    private const int MostSharedBytes = 48 * 1024;

    /// <summary>The assembler of the table in docs: what .ci/ptxas fetches.</summary>
    private const string TableVersion = "11.8";

    public static TheoryData<string> Names => KernelCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void No_kernel_spills_and_groups_share_a_multiprocessor_as_planned(string name)
    {
        SkipWithoutPtxas();
        AssertSound([.. All(KernelCases.Create(name))]);
    }

    [Fact]
    public void Neither_does_one_that_multiplies_by_the_slope_of_the_layer_before()
    {
        SkipWithoutPtxas();
        AssertSound([.. All(new EveryActivation()), .. All(new HeavySlopes())]);
    }

    /// <summary>The table in docs/gpu-resources.md; KERNELGEN_UPDATE_SNAPSHOTS=1 accepts what comes.</summary>
    [Fact]
    public void The_table_of_resources_is_what_the_assembler_says()
    {
        SkipWithoutPtxas();
        Assert.SkipUnless(Ptxas.Version() == TableVersion, $"The table is of ptxas {TableVersion}; this is {Ptxas.Version()}, which allots registers in its own way.");
        const string Begin = "<!-- resources -->\n";
        const string End = "<!-- /resources -->";
        var path = Path.Combine(Repository(), "docs", "gpu-resources.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        var table = Table();
        if (Environment.GetEnvironmentVariable("KERNELGEN_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, page[..start] + table + page[end..]);
            return;
        }

        Assert.Equal(table, page[start..end]);
    }

    private static void AssertSound(IReadOnlyList<PtxKernel> kernels)
    {
        foreach (var architecture in PtxText.Architectures)
        {
            foreach (var kernel in kernels.DistinctBy(kernel => kernel.Name))
            {
                var found = Ptxas.Assemble(kernel, architecture);
                Assert.True(found.SpilledBytes == 0, $"{kernel.Name} on {architecture} spills {found.SpilledBytes} bytes.");
                Assert.InRange(found.SharedBytes, 0, MostSharedBytes);
                var groups = Groups(kernel, found, architecture);
                var planned = architecture == "sm_75" && found.SharedBytes > HalfOfSm75 ? 1 : PlannedGroups;
                Assert.True(
                    groups >= planned,
                    $"{kernel.Name} on {architecture}: {groups} groups share a multiprocessor, where {planned} are planned; {found.Registers} registers of each of {kernel.Threads} threads, {found.SharedBytes} bytes.");
            }
        }
    }

    private static string Table()
    {
        var lines = new List<string>
        {
            $"| kernel | threads | {Columns("registers")} | shared bytes | spills | {Columns("groups")} |\n",
            "|---|---|---|---|---|---|---|---|---|---|\n",
        };
        IEnumerable<PtxKernel> kernels = [.. Names.SelectMany(row => All(KernelCases.Create(row.Data))), .. All(new EveryActivation()), .. All(new HeavySlopes())];
        foreach (var kernel in kernels.DistinctBy(kernel => kernel.Name).OrderBy(kernel => kernel.Name, StringComparer.Ordinal))
        {
            var found = PtxText.Architectures.Select(architecture => Ptxas.Assemble(kernel, architecture)).ToList();
            lines.Add(FormattableString.Invariant(
                $"| {kernel.Name} | {kernel.Threads} | {string.Join(" | ", found.Select(f => f.Registers))} | {found[0].SharedBytes} | {found.Sum(f => f.SpilledBytes)} | {string.Join(" | ", PtxText.Architectures.Select((architecture, i) => Groups(kernel, found[i], architecture)))} |\n"));
        }

        return string.Concat(lines);

        static string Columns(string what) => string.Join(" | ", PtxText.Architectures.Select(name => $"{what}, {name}"));
    }

    private static int Groups(PtxKernel kernel, Ptxas.Resources found, string architecture)
        => Multiprocessor.Of(architecture).Groups(kernel.Threads, found.Registers, found.SharedBytes);

    private static IEnumerable<PtxKernel> All(IGpuModel model) => PtxKernel.AllOf(model.GpuNetwork);

    private static void SkipWithoutPtxas()
        => Assert.SkipWhen(Ptxas.Path is null, $"There is no ptxas on the path, and {Ptxas.EnvironmentVariable} names none.");

    private static string Repository([CallerFilePath] string callerPath = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(callerPath)!, "..", ".."));
}
