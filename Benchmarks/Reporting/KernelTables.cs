using KernelGen.Benchmarks.Kernels;
using static KernelGen.Benchmarks.Reporting.Figures;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Results as the tables of the document: Markdown.</summary>
internal static class KernelTables
{
    /// <summary>Batches: one row for all shapes of a pattern at a sparsity.</summary>
    public static string Spmm(IEnumerable<KernelResult> results)
    {
        var table = new MarkdownTable(
            "pattern", "zeros", "effective GFLOP/s", "of the roofline", "bound", "over the best dense", "goal", "over TorchSharp dense",
            "over XNNPACK sparse", "row-major");
        foreach (var group in CaseGroup.Of(results.Where(result => result.IsBatch)))
        {
            table.Add(
                group.Pattern,
                Percent(group.Sparsity),
                group.Joined(result => Number(result.GFlops, "0")),
                group.Joined(result => Percent(result.RooflineShare, "0")),
                string.Join(" / ", group.Results.Select(result => result.Bound).Distinct()),
                $"**{Number(group.Mean(result => result.OverBestDense))}** ({group.Joined(result => Number(result.OverBestDense))})",
                double.IsNaN(group.Goal) ? "" : Number(group.Goal, "0.##"),
                group.Joined(result => Number(result.Over("TorchSharp dense"), "0.0")),
                group.Joined(result => Number(result.Over("XNNPACK sparse"), "0.0")),
                group.Joined(result => Percent(result.RowMajor, "0")));
        }

        return table.ToString();
    }

    /// <summary>One sample: a row for each shape.</summary>
    public static string Spmv(IEnumerable<KernelResult> results)
    {
        var table = new MarkdownTable(
            "pattern", "zeros", "shape", "effective GFLOP/s", "GB/s", "bytes a nonzero", "of the roofline", "bound", "over the best dense", "goal",
            "over TorchSharp dense");
        foreach (var result in results.Where(result => result.N == 1))
        {
            table.Add(
                result.Pattern, Percent(result.Sparsity), $"{result.M} x {result.K}", Number(result.GFlops, "0.0"), Number(result.GBytes, "0"),
                Number((double)result.PackBytes / result.Nonzeros), Percent(result.RooflineShare, "0"), result.Bound,
                $"**{Number(result.OverBestDense)}**", result.Goal is { } goal ? Number(goal, "0.##") : "", Number(result.Over("TorchSharp dense"), "0.0"));
        }

        return table.ToString();
    }

    /// <summary>A few samples, which have no goal of their own: microseconds of a call.</summary>
    public static string FewSamples(IEnumerable<KernelResult> results)
    {
        var table = new MarkdownTable("pattern", "zeros", "samples", "row-major", "feature-major", "our dense", "best dense");
        foreach (var result in results.Where(result => result.IsFew).OrderByDescending(result => result.Pattern).ThenBy(result => result.N))
        {
            var microseconds = 1e3 * result.Milliseconds;
            table.Add(
                result.Pattern, Percent(result.Sparsity), Number(result.N, "0"), Number(microseconds / result.RowMajor, "0"), Number(microseconds, "0"),
                Number(microseconds * result.OwnDense, "0"), Number(microseconds * result.OverBestDense, "0"));
        }

        return table.ToString();
    }

    /// <summary>Where the figures come from: one paragraph.</summary>
    public static string Machine(KernelResults run)
    {
        var (roofline, caches) = (run.Roofline, run.Roofline.Caches);
        return $"{run.Machine}, one thread, {run.Rounds} rounds a case.\n"
            + $"Measured at the start: {Number(roofline.Flops / 1e9, "0")} GFLOP/s from registers; reads of {Number(roofline.L1 / 1e9, "0")} "
            + $"(L1, {caches.L1 >> 10} KB), {Number(roofline.L2 / 1e9, "0")} (L2, {caches.L2 >> 10} KB), {Number(roofline.L3 / 1e9, "0")} "
            + $"(L3, {caches.L3 >> 20} MB) and {Number(roofline.Memory / 1e9, "0")} GB/s (memory).\n"
            + (run.Missing.Count == 0 ? "No peer was missing.\n" : $"Missing peers: {string.Join(", ", run.Missing)}.\n");
    }

    /// <summary>
    /// The cases that a run lacks, and whose rows the tables therefore lack, with shapes where it has others of the pattern: one line, or none where it is complete.
    /// </summary>
    public static string MissingCases(IEnumerable<CaseId> all, IReadOnlySet<CaseId> done)
    {
        var groups = all.GroupBy(id => id.AnyShape).Select(group => (group.Key, Missing: group.Where(id => !done.Contains(id)).ToList(), All: group.Count()))
            .Where(group => group.Missing.Count > 0)
            .Select(group => group.Missing.Count == group.All ? group.Key : $"{group.Key} ({string.Join(", ", group.Missing.Select(id => id.Shape))})")
            .ToList();
        return groups.Count == 0 ? "" : $"Missing cases: {string.Join(", ", groups)}.\n";
    }
}
