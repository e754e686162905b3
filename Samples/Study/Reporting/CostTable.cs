using KernelGen.Benchmarks.Reporting;

namespace Study.Reporting;

/// <summary>What training and the trained model take.</summary>
internal static class CostTable
{
    public static string Of(IReadOnlyList<Cell> cells)
    {
        var dense = cells.FirstOrDefault(cell => cell.Sparsity == 0);
        var table = new MarkdownTable(
            "method", "zeros", "trained", "step, ms", "run, s", "memory in training, KB", "training FLOPs, of dense", "inference FLOPs, of dense", "parameters", "file, KB");
        foreach (var cell in cells)
        {
            table.Add(
                cell.Method,
                AccuracyTables.Column(cell.Sparsity),
                cell.Results[0].Mode,
                Figures.Number(Timed(cell, result => result.StepMilliseconds)),
                Figures.Number(Timed(cell, result => result.TrainingSeconds), "0.0"),
                Figures.Number(cell.Mean(result => result.TrainingBytes) / 1000, "0"),
                Share(cell.Mean(result => result.TrainingFlops), dense?.Mean(result => result.TrainingFlops)),
                Share(cell.Mean(result => result.InferenceFlops), dense?.Mean(result => result.InferenceFlops)),
                Figures.Number(cell.Mean(result => result.Parameters), "0"),
                Figures.Number(cell.Mean(result => result.FileBytes) / 1000, "0.0"));
        }

        return table.ToString();
    }

    /// <summary>The mean over the runs that were timed; NaN where none was.</summary>
    public static double Timed(Cell cell, Func<Running.RunResult, double?> value) => cell.Results.Select(value).Average() ?? double.NaN;

    private static string Share(double value, double? dense) => dense is null ? "-" : Figures.Percent(value / dense.Value);
}
