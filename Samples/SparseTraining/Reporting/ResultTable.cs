using System.Globalization;
using Digits.Data;
using SparseTraining.Training;
using Spectre.Console;

namespace SparseTraining.Reporting;

/// <summary>Prints what came out.</summary>
internal static class ResultTable
{
    public static void Print(ImageSet data, TrainingOptions options, IReadOnlyList<MethodResult> results)
    {
        var dense = results[0];
        var table = new Table()
            .Title(Text($"{data.Name}: {data.Train.Count} images to learn from, {data.Test.Count} to test; {options.Epochs} epochs, batches of {options.Batch}"))
            .AddColumns("", "accuracy", "weights", "step", "memory");
        foreach (var result in results)
        {
            table.AddRow(
                result.Method.Name,
                Text($"{100 * result.Accuracy:0.00}%"),
                Text($"{result.Weights:N0}"),
                double.IsNaN(result.Microseconds) ? "-" : Text($"{result.Microseconds:0} us{Ratio(dense.Microseconds / result.Microseconds, "faster")}"),
                Text($"{result.Bytes:N0} bytes{Ratio((double)dense.Bytes / result.Bytes, "smaller")}"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Step: the median of a whole step on one thread. Memory: weights, masks, packed copies, and what Adam remembers.");
        AnsiConsole.WriteLine("Dense steps are TorchSharp's, whose matrix products are slow on some processors: docs/training.md has the kernels beside faster ones.");

        string Ratio(double value, string word) => value is > 0 and not 1 && !double.IsNaN(value) ? Text($" ({value:0.0}x {word})") : "";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
