using KernelGen.Benchmarks.Reporting;
using ScottPlot;
using PlotStyle = KernelGen.Benchmarks.Reporting.PlotStyle;

namespace Study.Reporting;

/// <summary>Curves over sparsity, a line for each method.</summary>
internal static class Pictures
{
    private static readonly Color[] Palette =
        [PlotStyle.Blue, PlotStyle.Red, PlotStyle.Green, PlotStyle.Purple, PlotStyle.Yellow, PlotStyle.Sky, PlotStyle.Gray, Colors.Black];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown,
        MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond,
    ];

    /// <summary>Accuracy with its range over seeds: Occam's hill, where there is one.</summary>
    public static void Accuracy(IReadOnlyList<Cell> cells, string title, string path)
    {
        var plot = Curves(cells, title, "test accuracy, %", cell => 100 * cell.MeanAccuracy, logarithmic: false);
        foreach (var (i, method) in cells.Where(cell => cell.Sparsity > 0).GroupBy(cell => cell.Method).Index())
        {
            foreach (var cell in method.Where(cell => cell.Results.Count > 1))
            {
                var range = plot.Add.Line(
                    X(cell), 100 * cell.Results.Min(result => result.Accuracy), X(cell), 100 * cell.Results.Max(result => result.Accuracy));
                range.LineColor = Palette[i % Palette.Length];
            }
        }

        // What has collapsed would press the rest together.
        var top = 100 * cells.Max(cell => cell.MeanAccuracy);
        plot.Axes.SetLimitsY(Math.Max(100 * cells.Min(cell => cell.MeanAccuracy) - 0.5, top - 12), top + 0.8);
        plot.SavePng(path, PlotStyle.Width, PlotStyle.Height);
    }

    /// <summary>Anything else that is above 0, on a logarithmic axis.</summary>
    public static void Logarithmic(IReadOnlyList<Cell> cells, string title, string axis, Func<Cell, double> value, string path)
        => Curves(cells, title, axis, value, logarithmic: true).SavePng(path, PlotStyle.Width, PlotStyle.Height);

    private static Plot Curves(IReadOnlyList<Cell> cells, string title, string axis, Func<Cell, double> value, bool logarithmic)
    {
        var plot = PlotStyle.Create(title, "zeros (the axis is the logarithm of 1 / density)", axis);
        double Y(Cell cell) => logarithmic ? Math.Log10(value(cell)) : value(cell);
        foreach (var dense in cells.Where(cell => cell.Sparsity == 0 && double.IsFinite(Y(cell))))
        {
            var line = plot.Add.HorizontalLine(Y(dense));
            line.LineColor = Colors.Black;
            line.LinePattern = LinePattern.Dashed;
            line.LegendText = dense.Method;
        }

        foreach (var (i, method) in cells.Where(cell => cell.Sparsity > 0).GroupBy(cell => cell.Method).Index())
        {
            var known = method.Where(cell => double.IsFinite(Y(cell))).ToList();
            var series = plot.Add.Scatter(known.Select(X).ToArray(), known.Select(Y).ToArray(), Palette[i % Palette.Length]);
            series.LegendText = method.Key;
            series.LineWidth = 2;
            series.MarkerShape = Shapes[i % Shapes.Length];
            series.MarkerSize = 10;
        }

        plot.Axes.Bottom.TickGenerator = PlotStyle.Ticks(
            cells.Where(cell => cell.Sparsity > 0).Select(cell => cell.Sparsity).Distinct().Select(sparsity => (1 / (1 - sparsity), AccuracyTables.Column(sparsity))));
        if (logarithmic)
        {
            var values = cells.Select(value).Where(number => double.IsFinite(number) && number > 0).DefaultIfEmpty(1).ToList();
            plot.Axes.Left.TickGenerator = PlotStyle.Ticks(values.Min() / 2, values.Max() * 2);
        }

        plot.ShowLegend(Edge.Right);
        return plot;
    }

    private static double X(Cell cell) => Math.Log10(1 / (1 - cell.Sparsity));
}
