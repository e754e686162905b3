using System.Globalization;
using KernelGen.Benchmarks.Gradients;
using KernelGen.Benchmarks.Models;
using KernelGen.Benchmarks.Peers;
using Spectre.Console;

namespace KernelGen.Benchmarks.TrainingSteps;

/// <summary>
/// What training takes: whole steps beside dense ones, and a step's products, each beside the dense product, which oneDNN computes in its best layout.
/// </summary>
internal static class TrainingCommand
{
    private const string Mlp = "784-1024-1024-10";
    private const string OneLayer = "768-3072";

    private static readonly double[] Sparsities = [0.8, 0.9, 0.95, 0.98];

    private static readonly Func<Linear>[] Layers =
    [
        () => new Shape512x512.Unstructured().Layer, () => new Shape1024x1024.Unstructured().Layer, () => new Shape3072x768.Unstructured().Layer,
        () => new Shape1024x1024.NM2Of4().Layer, () => new Shape1024x1024.Block16x1().Layer,
    ];

    private static readonly (string Model, string Pattern, double[] Sparsities, Func<double, int, int, StepCase> Measure, Func<double, int, int, RewiringCase> Rewire)[] Models =
    [
        (Mlp, "unstructured", Sparsities, StepCase.Measure<StepModels.Unstructured>, RewiringCase.Measure<StepModels.Unstructured>),
        (Mlp, "2:4", [0.5], StepCase.Measure<StepModels.NM2Of4>, RewiringCase.Measure<StepModels.NM2Of4>),
        (Mlp, "block 16x1", Sparsities, StepCase.Measure<StepModels.Block16x1>, RewiringCase.Measure<StepModels.Block16x1>),
        (OneLayer, "unstructured", Sparsities, StepCase.Measure<StepModels.OneLayer>, RewiringCase.Measure<StepModels.OneLayer>),
        (OneLayer, "2:4", [0.5], StepCase.Measure<StepModels.OneLayerNM2Of4>, RewiringCase.Measure<StepModels.OneLayerNM2Of4>),
        (OneLayer, "block 16x1", Sparsities, StepCase.Measure<StepModels.OneLayerBlock16x1>, RewiringCase.Measure<StepModels.OneLayerBlock16x1>),
    ];

    /// <param name="rounds">Turns of each contestant.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="filter">Runs the cases whose rows begin with words that hold all of these, such as "step", "masks", "product", "2:4" or "90%".</param>
    /// <returns>The exit code: 1 where oneDNN or libtorch isn't installed.</returns>
    public static int Run(int rounds, int batch, string[] filter)
    {
        if ((IdealStep.Missing ?? TorchThreads.Missing) is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 1;
        }

        // As the peers, whatever the environment says.
        using var one = Threads.Override(1);
        TorchThreads.UseOne();
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
        var words = filter.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Rewirings(rounds, batch, name => words.All(word => $"masks {name}".Contains(word, StringComparison.Ordinal)));
        Steps(rounds, batch, name => words.All(word => $"step {name}".Contains(word, StringComparison.Ordinal)));
        Products(rounds, batch, name => words.All(word => $"product {name}".Contains(word, StringComparison.Ordinal)));
        return 0;
    }

    private static void Steps(int rounds, int batch, Func<string, bool> runs)
    {
        var table = new Table().Title($"Whole training steps, batch {batch}, Adam: forward pass, loss, backward pass, optimiser")
            .AddColumns("model", "pattern", "zeros", "ms", "over dense, masked TorchSharp", "over an ideal dense step", "bytes, of dense");
        foreach (var (model, pattern, sparsities, measure, _) in Models)
        {
            foreach (var sparsity in sparsities.Where(sparsity => runs($"{model} {pattern} {Percent(sparsity)}")))
            {
                var result = measure(sparsity, batch, rounds);
                table.AddRow(
                    model, pattern, Percent(sparsity), Ratio(result.Milliseconds), Ratio(result.OverMasked), Ratio(result.OverIdeal), Percent(result.BytesOverDense));
            }
        }

        Write(table);
    }

    private static void Rewirings(int rounds, int batch, Func<string, bool> runs)
    {
        var table = new Table().Title($"Masks that change every {RewiringCase.Every} steps, batch {batch}: what that adds to the steps")
            .AddColumns("model", "pattern", "zeros", "SET: the changes", "with slower steps", "RigL: the changes", "with slower steps");
        foreach (var (model, pattern, sparsities, _, rewire) in Models)
        {
            foreach (var sparsity in sparsities.Where(sparsity => runs($"{model} {pattern} {Percent(sparsity)}")))
            {
                var result = rewire(sparsity, batch, rounds);
                table.AddRow(model, pattern, Percent(sparsity), Tenths(result.Set.Change), Tenths(result.Set.WithSteps), Tenths(result.RigL.Change), Tenths(result.RigL.WithSteps));
            }
        }

        Write(table);
    }

    private static void Products(int rounds, int batch, Func<string, bool> runs)
    {
        var table = new Table().Title($"Products of a training step, batch {batch}: speed-ups over oneDNN's dense ones")
            .AddColumns("layer", "pattern", "zeros", "forward", "input gradient", "weight gradient", "new values, of a step", "all products");
        foreach (var create in Layers)
        {
            var pattern = create().Descriptor.Pattern;
            foreach (var sparsity in pattern is NMPattern p ? [1 - ((double)p.N / p.M)] : Sparsities)
            {
                var layer = create();
                var shape = $"{layer.OutFeatures}x{layer.InFeatures}";
                if (runs($"{shape} {pattern} {Percent(sparsity)}"))
                {
                    var result = GradientCase.Measure(layer, 1 - sparsity, batch, rounds);
                    table.AddRow(
                        shape, pattern.ToString()!, Percent(sparsity), Ratio(result.Forward), Ratio(result.InputGradient), Ratio(result.WeightGradient),
                        Percent(result.RefreshShare), Ratio(result.Step));
                }
            }
        }

        Write(table);
    }

    private static void Write(Table table)
    {
        if (table.Rows.Count > 0)
        {
            AnsiConsole.Write(table);
        }
    }

    private static string Percent(double value) => value.ToString("0%", CultureInfo.InvariantCulture);

    private static string Tenths(double value) => value.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
