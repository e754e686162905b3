using KernelGen.Benchmarks.Reporting;
using Study.Running;

namespace Study.Reporting;

/// <summary>What training and the trained model take.</summary>
internal static class CostTable
{
    /// <summary>A row for each cell.</summary>
    /// <param name="cells">All cells.</param>
    /// <param name="times">The short runs that were timed alone.</param>
    public static string Of(IReadOnlyList<Cell> cells, IReadOnlyList<RunResult> times)
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
                Figures.Number(StepMilliseconds(cell, times)),
                Figures.Number(StepMilliseconds(cell, times) * cell.Results[0].Steps / 1000, "0.0"),
                Figures.Number(Kilobytes(cell, times), "0"),
                Share(cell.Mean(result => result.TrainingFlops), dense?.Mean(result => result.TrainingFlops)),
                Share(cell.Mean(result => result.InferenceFlops), dense?.Mean(result => result.InferenceFlops)),
                Figures.Number(cell.Mean(result => result.Parameters), "0"),
                Figures.Number(cell.Mean(result => result.FileBytes) / 1000, "0.0"));
        }

        return table.ToString();
    }

    /// <summary>The mean step of the run that was timed; NaN where none was.</summary>
    public static double StepMilliseconds(Cell cell, IReadOnlyList<RunResult> times) => Timed(cell, times)?.StepMilliseconds ?? double.NaN;

    /// <summary>The memory of the run that was timed; NaN where none was.</summary>
    public static double Kilobytes(Cell cell, IReadOnlyList<RunResult> times) => Timed(cell, times)?.TrainingBytes / 1000.0 ?? double.NaN;

    private static RunResult? Timed(Cell cell, IReadOnlyList<RunResult> times)
        => times.FirstOrDefault(result => result.Run.Method == cell.Method && result.Run.Sparsity == cell.Sparsity && result.Run.Settings == cell.Settings);

    private static string Share(double value, double? dense) => dense is null ? "-" : Figures.Percent(value / dense.Value);
}
