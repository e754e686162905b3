using System.Globalization;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Reporting;
using Spectre.Console;
using static KernelGen.Benchmarks.Reporting.Figures;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>Results as tables.</summary>
internal static class KernelReport
{
    private static readonly string[] PeerColumns =
        ["oneDNN", "oneDNN, row-major", "TorchSharp dense", "ONNX Runtime", "TorchSharp sparse", "XNNPACK sparse"];

    public static string Describe(Roofline roofline) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Isa.Current}, one thread: {roofline.Flops / 1e9:0} GFLOP/s from registers; reads L1 {roofline.L1 / 1e9:0}, L2 {roofline.L2 / 1e9:0}, ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"L3 {roofline.L3 / 1e9:0}, memory {roofline.Memory / 1e9:0} GB/s; caches {roofline.Caches.L1 >> 10} KB, {roofline.Caches.L2 >> 10} KB, {roofline.Caches.L3 >> 20} MB");

    public static Table Table(IEnumerable<KernelResult> results)
    {
        var table = new Table().Title("Speed-ups over peers; effective GFLOP/s: 2 nnz N / time").AddColumns(
            "op", "pattern", "M x K x N", "zeros", "kernel", "ms", "GFLOP/s", "GB/s", "of roofline", "row-major", "own dense", "best dense");
        table.AddColumns(PeerColumns);
        foreach (var r in results)
        {
            string[] cells =
            [
                r.Id.Op, r.Pattern, $"{r.M}x{r.K}x{r.N}", Percent(r.Sparsity), r.Kernel.Split('.')[^1], Number(r.Milliseconds, "0.0000"),
                Number(r.GFlops, "0.0"), Number(r.GBytes, "0.0"), $"{Percent(r.RooflineShare)} {r.Bound}", Percent(r.RowMajor),
                Number(r.OwnDense), Number(r.OverBestDense), .. PeerColumns.Select(peer => Number(r.Over(peer))),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    /// <summary>Each group's geometric mean against its goal, and its worst shape, which should reach 90% of it.</summary>
    public static Table Goals(IEnumerable<KernelResult> results)
    {
        var table = new Table().Title("Goals, over the best dense").AddColumns("case", "goal", "mean", "worst", "reached", "row-major, worst");
        foreach (var group in CaseGroup.WithGoals(results))
        {
            var mean = group.Mean(result => result.OverBestDense);
            var worst = group.Results.Min(result => result.OverBestDense);
            var reached = mean >= group.Goal && worst >= 0.9 * group.Goal;
            table.AddRow(
                group.Name, Number(group.Goal), Number(mean), Number(worst), reached ? "yes" : $"no, {Percent(mean / group.Goal)}",
                Percent(group.Results.Min(result => result.RowMajor)));
        }

        return table;
    }
}
