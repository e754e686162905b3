using System.Globalization;

namespace KernelGen.Measures;

/// <summary>A report as text: a line for each layer and one for all, then what concerns the whole model.</summary>
internal static class ReportTable
{
    private static readonly string[] Titles =
        ["layer", "pattern", "shape", "weights", "active", "sparsity", "index", "bytes", "smaller", "FLOPs", "fewer"];

    public static string Write(ModelReport report)
    {
        string[][] rows = [Titles, .. report.Layers.Select(Row), Total(report)];
        int[] widths = [.. Titles.Select((_, column) => rows.Max(row => row[column].Length))];
        IEnumerable<string> lines = [report.Model, .. rows.Select(row => Line(row, widths)), "", .. Facts(report)];
        return string.Join('\n', lines) + "\n";
    }

    private static string[] Row(LayerReport layer) =>
    [
        layer.Name,
        layer.Pattern,
        Text($"{layer.OutFeatures} x {layer.InFeatures}"),
        Text($"{layer.Weights:N0}"),
        Text($"{layer.Nonzeros:N0}"),
        Text($"{100 * layer.Sparsity:0.0}%"),
        layer.Index,
        Text($"{layer.Bytes:N0}"),
        Text($"{(double)layer.DenseBytes / layer.Bytes:0.0}x"),
        Text($"{layer.InferenceFlops:N0}"),
        Text($"{(double)layer.DenseInferenceFlops / layer.InferenceFlops:0.0}x"),
    ];

    private static string[] Total(ModelReport report) =>
    [
        "all",
        "",
        "",
        Text($"{report.Weights:N0}"),
        Text($"{report.Nonzeros:N0}"),
        Text($"{100 * report.Sparsity:0.0}%"),
        "",
        Text($"{report.Bytes:N0}"),
        Text($"{report.Compression:0.0}x"),
        Text($"{report.InferenceFlops:N0}"),
        Text($"{(double)report.DenseInferenceFlops / report.InferenceFlops:0.0}x"),
    ];

    private static IEnumerable<string> Facts(ModelReport report)
    {
        yield return Text($"energy proxy, one sample   {report.Energy / 1e6:0.000} uJ ({report.DenseEnergy / report.Energy:0.0}x less than dense)");
        if (report.TrainingFlops is { } training)
        {
            var dense = TrainingFlops.Dense(report.DenseInferenceFlops);
            yield return Text($"training, FLOPs a sample   {training:N0} ({dense / training:0.0}x fewer than dense)");
        }

        if (report.Quality is { } quality)
        {
            yield return Text($"accuracy                   {100 * quality.Accuracy:0.00}% ({quality.Correct:N0} of {quality.Samples:N0})");
            yield return Text($"right per parameter        {report.ParameterEfficiency:0.0000}, by hardness {report.HardnessEfficiency:0.0000}");
        }
    }

    // The first three columns and the index are words; the rest are numbers, which end below each other.
    private static string Line(string[] cells, int[] widths)
        => string.Join("  ", cells.Select((cell, column) => column is 0 or 1 or 2 or 6 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
