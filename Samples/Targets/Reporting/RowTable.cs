using System.Globalization;
using Digits.Data;
using Spectre.Console;

namespace Targets.Reporting;

/// <summary>Prints a row for each target that ran, and below them what ran where, or why it didn't.</summary>
internal static class RowTable
{
    public static void Print(LabelledImages images, double referenceAccuracy, IReadOnlyList<Row> rows)
    {
        var table = new Table()
            .Title(Text($"One trained model on {images.Count} test images"))
            .AddColumns("target", "sparse", "accuracy", "off, batch", "off, alone", "same answers");
        table.AddRow("double", "", Percent(referenceAccuracy), "", "", "");
        foreach (var row in rows.Where(row => row.Reason is null))
        {
            table.AddRow(
                row.Target.Title,
                Text($"{row.SparseLayers} of {row.Layers}"),
                Percent(row.Accuracy),
                Text($"{row.BatchDifference:0.0e+0}"),
                Text($"{row.SingleDifference:0.0e+0}"),
                Text($"{row.SameAnswers}{(row.IsWrong ? ": WRONG" : "")}"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Off: the largest difference of a logit to double precision, over the largest logit; more than 1e-4 is wrong. Sparse: layers that ran sparse kernels.");
        foreach (var row in rows)
        {
            AnsiConsole.WriteLine($"{row.Target.Title} {(row.Reason is null ? $"ran on {row.Where}" : $"{(row.IsWrong ? "failed" : "didn't run")}: {row.Reason}")}");
        }
    }

    private static string Percent(double share) => Text($"{100 * share:0.00}%");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
