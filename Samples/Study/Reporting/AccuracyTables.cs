using KernelGen.Benchmarks.Reporting;

namespace Study.Reporting;

/// <summary>Accuracies, and what they are worth for a parameter.</summary>
internal static class AccuracyTables
{
    /// <summary>A row for each method, a column for each sparsity.</summary>
    /// <param name="cells">All cells.</param>
    /// <param name="text">What a cell shows.</param>
    public static string Grid(IReadOnlyList<Cell> cells, Func<Cell, string> text)
    {
        var sparsities = cells.Select(cell => cell.Sparsity).Distinct().Order().ToList();
        var table = new MarkdownTable(["method", .. sparsities.Select(Column)]);
        foreach (var method in cells.GroupBy(cell => cell.Method))
        {
            table.Add([method.Key, .. sparsities.Select(sparsity => method.FirstOrDefault(cell => cell.Sparsity == sparsity) is { } cell ? text(cell) : "")]);
        }

        return table.ToString();
    }

    /// <summary>The method of each sparsity that is best on the validation images, and its test accuracy beside dense.</summary>
    public static string Best(IReadOnlyList<Cell> cells)
    {
        var table = new MarkdownTable("zeros", "chosen on the validation images", "accuracy there", "test accuracy", "minus dense, points");
        var dense = cells.FirstOrDefault(cell => cell.Sparsity == 0);
        foreach (var sparsity in cells.Where(cell => cell.Sparsity > 0).GroupBy(cell => cell.Sparsity).OrderBy(group => group.Key))
        {
            var best = sparsity.MaxBy(cell => cell.MeanValidation)!;
            table.Add(
                Column(best.Sparsity), best.Method, Figures.Number(100 * best.MeanValidation), best.AccuracyText, dense is null ? "-" : Figures.Number(100 * (best.MeanAccuracy - dense.MeanAccuracy), "+0.00;-0.00;0.00"));
        }

        return table.ToString();
    }

    /// <summary>What tuning compares: a row for each setting, best first.</summary>
    public static string Settings(IReadOnlyList<Cell> cells)
    {
        var table = new MarkdownTable("method", "zeros", "learning rate", "dropout", "weight decay", "label smoothing", "accuracy");
        foreach (var group in cells.GroupBy(cell => (cell.Method, cell.Sparsity)))
        {
            foreach (var cell in group.OrderByDescending(cell => cell.MeanAccuracy))
            {
                var settings = cell.Settings;
                table.Add(
                    cell.Method, Column(cell.Sparsity), Plain(settings.LearningRate), Plain(settings.Dropout), Plain(settings.WeightDecay), Plain(settings.LabelSmoothing), cell.AccuracyText);
            }
        }

        return table.ToString();

        static string Plain(double value) => Figures.Number(value, "0.####");
    }

    public static string Column(double sparsity) => sparsity == 0 ? "dense" : Figures.Percent(sparsity, "0.##");
}
