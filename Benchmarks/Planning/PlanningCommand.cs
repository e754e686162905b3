using System.Globalization;
using KernelGen.Benchmarks.Models;
using KernelGen.Dispatch;
using Spectre.Console;

namespace KernelGen.Benchmarks.Planning;

/// <summary>
/// How good the planner's choices are: over patterns, shapes and densities, the kernel that its cost model chooses beside all that it could have
/// chosen, timed in turns. The figures also are what the costs in the generator's variant table were fitted to.
/// </summary>
internal static class PlanningCommand
{
    private static readonly double[] Densities = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    private static readonly Func<Linear>[] Layers =
    [
        () => new PlanningModels.Unstructured100x300().Layer, () => new PlanningModels.Unstructured300x784().Layer,
        () => new Shape512x512.Unstructured().Layer, () => new Shape1024x1024.Unstructured().Layer, () => new Shape3072x768.Unstructured().Layer,
        () => new Shape512x512.NM1Of4().Layer, () => new Shape1024x1024.NM1Of8().Layer, () => new Shape512x512.NM2Of4().Layer, () => new Shape1024x1024.NM2Of4().Layer,
        () => new Shape3072x768.NM2Of4().Layer, () => new Shape512x512.NM4Of8().Layer, () => new PlanningModels.NM3Of4().Layer,
        () => new PlanningModels.Block4x4Of300x784().Layer, () => new Shape512x512.Block16x1().Layer, () => new Shape1024x1024.Block16x1().Layer,
        () => new Shape512x512.Block4x4().Layer, () => new Shape1024x1024.Block4x4().Layer, () => new Shape512x512.Block8x8().Layer,
        () => new Shape1024x1024.Block8x8().Layer, () => new Shape512x512.Block1x8().Layer, () => new Shape1024x1024.Block1x8().Layer,
    ];

    public static void Run(int rounds, FileInfo? csv)
    {
        AnsiConsole.Profile.Width = 220;
        // Opened first: whoever waits minutes for a file must learn at once that it can't be written.
        csv?.Directory?.Create();
        using var file = csv?.CreateText();
        file?.WriteLine("isa,layer,pattern,density,kernel,units,steps,shared,bytes,cycles,seconds");
        foreach (var set in Enum.GetValues<InstructionSet>().Where(Isa.IsSupported))
        {
            var table = new Table().Title($"{set}: what the planner chooses")
                .AddColumns("layer", "pattern", "density", "chosen", "over dense", "best", "loss", "estimated and measured share of dense, of each");
            var cases = new List<PlanningCase>();
            foreach (var layer in Layers.Select(create => create()))
            {
                foreach (var density in layer.Descriptor.Pattern is NMPattern p ? [(double)p.N / p.M] : Densities)
                {
                    Add(PlanningCase.Measure(layer, density, set, kernels => kernels.Panel, rounds));
                    Add(PlanningCase.Measure(layer, density, set, kernels => kernels.Vector, rounds));
                }
            }

            AnsiConsole.Write(table);
            var losses = cases.Select(one => one.Loss).Order().ToList();
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{set}: {cases.Count} choices, {losses.Count(loss => loss <= 0.1)} within 10% of the best, mean loss {losses.Average():0.0%}, worst {losses[^1]:0.0%}"));

            void Add(PlanningCase one)
            {
                cases.Add(one);
                table.AddRow(Row(one));
                foreach (var candidate in one.Candidates)
                {
                    file?.WriteLine(Line(set, one, candidate));
                }
            }
        }
    }

    private static string[] Row(PlanningCase one)
    {
        var dense = one.Candidates[^1];
        var shares = one.Candidates.SkipLast(1).Select(candidate => string.Create(
            CultureInfo.InvariantCulture, $"{candidate.Cycles / dense.Cycles:0.00} {candidate.Seconds / dense.Seconds:0.00}"));
        return
        [
            Shape(one), one.Layer.Descriptor.Pattern.ToString()!, one.Density.ToString("0.###", CultureInfo.InvariantCulture), Short(one.Chosen),
            (dense.Seconds / one.Chosen.Seconds).ToString("0.00", CultureInfo.InvariantCulture), Short(one.Best),
            one.Loss.ToString("0.0%", CultureInfo.InvariantCulture), string.Join(", ", shares),
        ];
    }

    private static string Line(InstructionSet set, PlanningCase one, PlanningCandidate candidate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{set},{Shape(one)},{one.Layer.Descriptor.Pattern},{one.Density},{candidate.Kernel},{candidate.Work.Units},{candidate.Work.Steps},{candidate.Work.Shared},{candidate.Work.Bytes},{candidate.Cycles},{candidate.Seconds}");

    private static string Shape(PlanningCase one) => $"{one.Layer.OutFeatures}x{one.Layer.InFeatures}";

    /// <summary>The method alone, such as "Dense" or "Columns128".</summary>
    private static string Short(PlanningCandidate candidate) => candidate.Kernel[(candidate.Kernel.LastIndexOf('.') + 1)..];
}
