using System.Globalization;
using Digits.Data;
using Digits.Training;
using KernelGen;
using Spectre.Console;

namespace Digits.Reporting;

/// <summary>Prints what came out: one table, and the layers' plans.</summary>
internal static class ResultTable
{
    public static void Print<TModel>(ImageSet data, IReadOnlyList<SeedResult<TModel>> results, IReadOnlyList<BatchTiming> timings)
        where TModel : ISparseModel
    {
        var first = results[0];
        var denseBytes = TModel.Descriptor.Layers.Sum(layer => (layer.WeightCount + (layer.Bias ? layer.OutFeatures : 0)) * sizeof(float));
        var table = new Table().Title($"{data.Name}: {data.Train.Count} images to learn from, {data.Test.Count} to test").AddColumns("", "dense", "sparse");
        table.AddRow("accuracy, TorchSharp", Spread(results.Select(r => r.Dense.Accuracy)), Spread(results.Select(r => r.Sparse.Accuracy)));
        table.AddRow("accuracy, emitted kernels", "", Spread(results.Select(r => r.EmittedAccuracy)));
        table.AddRow("largest difference in logits", "", Text($"{results.Max(r => r.LogitDifference):0.0e+0}"));
        var weights = TModel.Descriptor.Layers.Sum(layer => layer.WeightCount);
        var nonzeros = first.Model.Layers.Sum(layer => layer.Plan.Nonzeros);
        table.AddRow("weights", Text($"{weights:N0}"), Text($"{nonzeros:N0} ({100d * (weights - nonzeros) / weights:0.0}% sparse)"));
        var bytes = new FileInfo(first.ModelFile).Length;
        table.AddRow("bytes on disk", Text($"{denseBytes:N0}"), Text($"{bytes:N0} ({(double)denseBytes / bytes:0.0}x smaller)"));
        foreach (var timing in timings)
        {
            table.AddRow(
                Text($"microseconds, batch of {timing.Batch}"),
                Text($"{timing.Torch:0.0}"),
                Text($"{timing.Emitted:0.0} ({timing.Speedup:0.0}x faster)"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Instruction set: {Isa.Describe()}. Times: one thread, medians, TorchSharp dense beside the emitted kernels.");
        foreach (var layer in first.Model.Layers)
        {
            AnsiConsole.WriteLine(layer.Plan.ToString());
        }
    }

    /// <summary>Mean, and the spread where there are several seeds.</summary>
    private static string Spread(IEnumerable<double> accuracies)
    {
        var values = accuracies.Select(value => 100 * value).ToList();
        return values.Count == 1
            ? Text($"{values[0]:0.00}%")
            : Text($"{values.Average():0.00}% ({values.Min():0.00} to {values.Max():0.00}, {values.Count} seeds)");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
