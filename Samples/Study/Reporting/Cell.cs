using KernelGen.Benchmarks.Reporting;
using Study.Methods;
using Study.Running;
using Study.Training;

namespace Study.Reporting;

/// <summary>The runs of a method at a sparsity: they differ by their seeds alone.</summary>
/// <param name="Method">The method.</param>
/// <param name="Settings">What it was trained with.</param>
/// <param name="Sparsity">The sparsity that was asked for.</param>
/// <param name="Results">The runs, at least one.</param>
/// <param name="Seeds">Seeds of the study: more than runs where some aren't finished, or have diverged.</param>
internal sealed record Cell(string Method, Settings Settings, double Sparsity, IReadOnlyList<RunResult> Results, int Seeds)
{
    public double MeanAccuracy => Results.Average(result => result.Accuracy);

    /// <summary>What methods are chosen by.</summary>
    public double MeanValidation => Results.Average(result => result.ValidationAccuracy);

    /// <summary>The standard deviation over seeds, of a sample; NaN for one seed.</summary>
    public double Deviation => Results.Count == 1
        ? double.NaN
        : Math.Sqrt(Results.Sum(result => Math.Pow(result.Accuracy - MeanAccuracy, 2)) / (Results.Count - 1));

    /// <summary>The mean accuracy in percent, with its deviation where there are several seeds, and how many there are where some are missing.</summary>
    public string AccuracyText
        => Figures.Number(100 * MeanAccuracy)
            + (Results.Count > 1 ? $" ± {Figures.Number(100 * Deviation)}" : "")
            + (Results.Count < Seeds ? $" ({Results.Count} of {Seeds} seeds)" : "");

    /// <summary>All cells, methods as the table of methods has them, then by sparsity.</summary>
    public static IReadOnlyList<Cell> Of(IEnumerable<RunResult> results)
    {
        var order = MethodTable.All.Select(method => method.Name).ToList();
        var all = results.ToList();
        var seeds = all.DistinctBy(result => result.Run.Seed).Count();
        return
        [
            .. all.GroupBy(result => result.Run with { Seed = 0 })
                .Select(group => new Cell(group.Key.Method, group.Key.Settings, group.Key.Sparsity, [.. group.OrderBy(result => result.Run.Seed)], seeds))
                .OrderBy(cell => order.IndexOf(cell.Method))
                .ThenBy(cell => cell.Method, StringComparer.Ordinal)
                .ThenBy(cell => cell.Sparsity)
                .ThenBy(cell => cell.Settings.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>The mean of something over the runs.</summary>
    public double Mean(Func<RunResult, double> value) => Results.Average(value);
}
