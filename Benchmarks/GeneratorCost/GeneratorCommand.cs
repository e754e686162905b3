using System.Globalization;
using KernelGen.Benchmarks.Timing;
using Microsoft.CodeAnalysis;
using Spectre.Console;

namespace KernelGen.Benchmarks.GeneratorCost;

/// <summary>What the generator costs: whole builds with and without it, an edit elsewhere, and how the emitted text grows.</summary>
internal static class GeneratorCommand
{
    private const int Layers = 50;
    private const int Kinds = 10;

    // What we want: build times at most so far apart, and an edit elsewhere within so many milliseconds.
    private const double MostApart = 0.15;
    private const double MostMilliseconds = 1;

    // The compiler comes as code that is optimised while it runs: an editor's is after a while, here it takes some thousand edits.
    private const int WarmUpEdits = 4000;
    private const int CountedEdits = 1000;
    private const int FirstEdits = 100;

    // Builds of a compiler's server that aren't counted, of either kind: its code, too, is optimised while it runs.
    private const int WarmUps = 25;

    public static void Run(int rounds)
    {
        Text();
        Edit();
        foreach (var warm in new[] { true, false })
        {
            Builds(rounds, warm);
        }
    }

    private static void Text()
    {
        var table = new Table().Title("Emitted text").AddColumns("layers", "kinds", "files", "characters");
        foreach (var (layers, kinds) in new[] { (1, 1), (Kinds, 1), (Layers, 1), (Kinds, Kinds), (Layers, Kinds), (Layers, Layers) })
        {
            var (files, characters) = new InMemoryBuild(LayerKinds.Source(layers, kinds, emitted: true), InMemoryBuild.Generators).Emitted;
            table.AddRow(new[] { layers, kinds, files, characters }.Select(value => value.ToString("N0", CultureInfo.InvariantCulture)).ToArray());
        }

        AnsiConsole.Write(table);
    }

    private static void Edit()
    {
        var (first, warm) = Edits(InMemoryBuild.Generators);
        var (_, least) = Edits(new ClassFinder());
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"An edit elsewhere: {warm:0.00} ms in the generator (goal: under {MostMilliseconds})"));
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  the first {FirstEdits}: {first:0.00} ms; in a generator that only finds the class: {least:0.00} ms; all medians"));

        static (double First, double Warm) Edits(params IEnumerable<IIncrementalGenerator> generators)
        {
            var build = new InMemoryBuild(LayerKinds.Source(Layers, Kinds, emitted: true), generators);
            var milliseconds = Enumerable.Range(1, WarmUpEdits + CountedEdits).Select(edit => build.EditElsewhere(edit).TotalMilliseconds).ToList();
            return (RoundRobin.Median(milliseconds.Take(FirstEdits)), RoundRobin.Median(milliseconds.Skip(WarmUpEdits)));
        }
    }

    /// <summary>Builds in turns, with and without.</summary>
    private static void Builds(int rounds, bool warm)
    {
        using var with = new ConsoleProject(LayerKinds.Source(Layers, Kinds, emitted: true), withGenerator: true);
        using var without = new ConsoleProject(LayerKinds.Source(Layers, Kinds, emitted: false), withGenerator: false);
        // The first builds start servers. A single round is a try that all works.
        for (var i = 0; i < (warm && rounds > 1 ? WarmUps : 1); i++)
        {
            with.Build(warm);
            without.Build(warm);
        }

        var seconds = Enumerable.Range(0, rounds).Select(_ => (With: with.Build(warm), Without: without.Build(warm))).ToList();
        var apart = RoundRobin.Median(seconds.Select(pair => (pair.With / pair.Without) - 1));
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A build with the compiler {(warm ? "warm in its server" : "started anew")}: {RoundRobin.Median(seconds.Select(pair => pair.With)):0.00} s with the generator, "
            + $"{RoundRobin.Median(seconds.Select(pair => pair.Without)):0.00} s without, {apart:0%} apart (goal: at most {MostApart:0%})"));
    }
}
