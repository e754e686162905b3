using System.Globalization;
using System.Text.Json;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Peers;
using Spectre.Console;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>The emitted kernels through their public path, beside the peers.</summary>
internal static class KernelsCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="filter">Runs the cases whose names hold all of these words; all, if there are none.</param>
    /// <param name="json">Where the results go, too; null for nowhere.</param>
    /// <param name="rounds">Turns of each contestant.</param>
    /// <returns>The exit code: 1 where no case matches.</returns>
    public static int Run(string[] filter, FileInfo? json, int rounds)
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 220);
        var cases = KernelCases.All
            .Where(benchmark => filter.All(word => benchmark.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (cases.Count == 0)
        {
            Console.Error.WriteLine($"No case has all of: {string.Join(' ', filter)}. Such a name is \"{KernelCases.All[1].Name}\".");
            return 1;
        }

        var peers = AllPeers.Installed(missing => AnsiConsole.MarkupLineInterpolated($"[yellow]Missing: {missing}[/]"));
        var roofline = Roofline.Measure(Isa.Current);
        AnsiConsole.WriteLine(KernelReport.Describe(roofline));
        var measurement = new KernelMeasurement(roofline, peers, rounds);
        var results = new List<KernelResult>();
        for (var i = 0; i < cases.Count; i++)
        {
            var result = measurement.Run(cases[i]);
            results.Add(result);
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1,3}/{cases.Count} {cases[i].Name,-36} {result.GFlops,7:0.0} GFLOP/s, {result.OverBestDense,5:0.00}x over {result.BestDense}"));
        }

        AnsiConsole.Write(KernelReport.Table(results));
        AnsiConsole.Write(KernelReport.Goals(cases, results));
        if (json is not null)
        {
            json.Directory?.Create();
            File.WriteAllText(json.FullName, JsonSerializer.Serialize(new { roofline, results }, Indented));
        }

        return 0;
    }
}
