using System.Globalization;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Peers;
using Spectre.Console;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>The emitted kernels through their public path, beside the peers.</summary>
internal static class KernelsCommand
{
    /// <param name="filter">Runs the cases whose names hold all of these words; all, if there are none.</param>
    /// <param name="json">Where the results go, too, after every case; null for nowhere.</param>
    /// <param name="resume">Keeps what that file holds, and skips those cases.</param>
    /// <param name="rounds">Turns of each contestant.</param>
    /// <returns>The exit code: 1 where no case matches, or the file can't be resumed.</returns>
    public static int Run(string[] filter, FileInfo? json, bool resume, int rounds)
    {
        // As the peers, whatever the environment says.
        using var one = Threads.Override(1);
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 220);
        var words = filter.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var cases = KernelCases.All
            .Where(benchmark => words.All(word => benchmark.Id.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (cases.Count == 0)
        {
            Console.Error.WriteLine($"No case has all of: {string.Join(' ', words)}. Such a name is \"{KernelCases.All[1].Id.Name}\".");
            return 1;
        }

        var missing = new List<string>();
        var peers = AllPeers.Installed((peer, remedy) =>
        {
            missing.Add(peer);
            AnsiConsole.MarkupLineInterpolated($"[yellow]Missing: {peer}: {remedy}[/]");
        });
        var run = resume && json is { Exists: true } ? KernelResults.Load(json) : null;
        if (run?.Unlike(MachineInfo.Read(), rounds, missing) is { } difference)
        {
            Console.Error.WriteLine($"{json} can't be resumed: {difference}. Or name another file.");
            return 1;
        }

        run ??= new KernelResults(MachineInfo.Read(), rounds, missing, Roofline.Measure(Isa.Current), []);
        AnsiConsole.WriteLine(KernelReport.Describe(run.Roofline));
        var measurement = new KernelMeasurement(run.Roofline, peers, rounds);
        for (var i = 0; i < cases.Count; i++)
        {
            if (run.Results.Any(done => done.Id == cases[i].Id))
            {
                continue;
            }

            var result = measurement.Run(cases[i]);
            run = run.With(result);
            if (json is not null)
            {
                run.Save(json);
            }

            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1,3}/{cases.Count} {cases[i].Id.Name,-36} {result.GFlops,7:0.0} GFLOP/s, {result.OverBestDense,5:0.00}x over {result.BestDense}"));
        }

        var results = cases.Select(benchmark => run.Results.First(result => result.Id == benchmark.Id)).ToList();
        AnsiConsole.Write(KernelReport.Table(results));
        AnsiConsole.Write(KernelReport.Goals(results));
        return 0;
    }
}
