using System.Globalization;
using Digits.Data;
using Digits.Training;
using KernelGen;
using Spectre.Console;

namespace Digits.Reporting;

/// <summary>Prints what came out: one table, and the layers' plans.</summary>
internal static class ResultTable
{
    public static void Print(ImageSet data, IReadOnlyList<SeedResult> results, IReadOnlyList<BatchTiming> timings)
    {
        var first = results[0];
        var layers = first.Sparse.Model.Layers;
        var weights = layers.Sum(layer => layer.Descriptor.WeightCount);
        var nonzeros = layers.Sum(layer => layer.Plan.Nonzeros);
        var denseBytes = sizeof(float) * (weights + layers.Where(layer => layer.Descriptor.Bias).Sum(layer => layer.OutFeatures));
        var bytes = new FileInfo(first.ModelFile).Length;

        var table = new Table().Title($"{data.Name}: {data.Train.Count} images to learn from, {data.Test.Count} to test").AddColumns("", "dense", "sparse");
        AddRow("accuracy, TorchSharp", run => Spread(run.Select(r => r.Trained.Accuracy)));
        AddRow("accuracy, emitted kernels", run => Spread(run.Select(r => r.Accuracy)));
        AddRow("largest logit difference", run => Text($"{run.Max(r => r.LogitDifference):0.0e+0}"));
        table.AddRow("weights", Text($"{weights:N0}"), Text($"{nonzeros:N0} ({100d * (weights - nonzeros) / weights:0.0}% sparse)"));
        table.AddRow("bytes on disk", Text($"{denseBytes:N0}"), Text($"{bytes:N0} ({(double)denseBytes / bytes:0.0}x smaller)"));
        foreach (var timing in timings)
        {
            table.AddRow(Text($"batch of {timing.Batch}, TorchSharp"), Microseconds(timing.Torch), "");
            table.AddRow(
                Text($"batch of {timing.Batch}, emitted"),
                Text($"{Microseconds(timing.Dense)} ({timing.FromEmission:0.0}x faster)"),
                Text($"{Microseconds(timing.Sparse)} ({timing.FromSparsity:0.0}x faster)"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Faster: the emitted dense kernels than TorchSharp, the emitted sparse ones than the emitted dense ones.");
        AnsiConsole.WriteLine($"Instruction set: {Isa.Describe()}. Times: one thread, medians, in turns.");
        foreach (var layer in layers)
        {
            AnsiConsole.WriteLine(layer.Plan.ToString());
        }

        void AddRow(string name, Func<IEnumerable<Deployment>, string> text)
            => table.AddRow(name, text(results.Select(seed => seed.Dense)), text(results.Select(seed => seed.Sparse)));
    }

    /// <summary>Mean, and the spread where there are several seeds.</summary>
    private static string Spread(IEnumerable<double> accuracies)
    {
        var values = accuracies.Select(value => 100 * value).ToList();
        return values.Count == 1
            ? Text($"{values[0]:0.00}%")
            : Text($"{values.Average():0.00}% ({values.Min():0.00} to {values.Max():0.00}, {values.Count} seeds)");
    }

    private static string Microseconds(double value) => value < 10 ? Text($"{value:0.00} us") : Text($"{value:0.0} us");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
