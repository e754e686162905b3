using KernelGen.Benchmarks.Kernels;
using ScottPlot;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Speed-up of batches over the best dense product, over the sparsity: ours by pattern, the sparse peers', and the ideal.</summary>
internal static class SpeedUpPlot
{
    private const string NM = "N:M";

    private static readonly double[] Sparsities = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

    /// <summary>Saves the plot as a PNG.</summary>
    public static void Save(IEnumerable<KernelResult> results, string path)
    {
        var groups = CaseGroup.Of(results.Where(result => result.IsBatch)).ToList();
        var plot = PlotStyle.Create("Batches: speed-up over the best dense product", "zeros (the axis is the logarithm of 1 / density)", "speed-up");
        const double Most = 100;
        var ideal = plot.Add.Line(0, 0, Math.Log10(Most), Math.Log10(Most));
        ideal.LineColor = Colors.Black;
        ideal.LinePattern = LinePattern.Dashed;
        ideal.LineWidth = 2;
        ideal.LegendText = "ideal: 1 / density";
        foreach (var pattern in groups.GroupBy(group => group.Pattern.Contains(':', StringComparison.Ordinal) ? NM : group.Pattern))
        {
            Add(plot, pattern.Key, pattern.Select(group => (group.Sparsity, group.Mean(result => result.OverBestDense))));
        }

        foreach (var peer in new[] { "XNNPACK sparse", "TorchSharp sparse" })
        {
            Add(
                plot, $"{peer}, unstructured",
                groups.Where(group => group.Pattern == "unstructured")
                    .Select(group => (group.Sparsity, group.Mean(result => result.OverBestDense / result.Over(peer)))));
        }

        plot.Axes.Bottom.TickGenerator = PlotStyle.Ticks(Sparsities.Select(sparsity => (1 / (1 - sparsity), Figures.Percent(sparsity))));
        plot.Axes.Left.TickGenerator = PlotStyle.Ticks(0.1, Most);
        plot.Axes.SetLimits(-0.03, Math.Log10(Most) + 0.05, Math.Log10(0.15), Math.Log10(Most));
        plot.ShowLegend(Edge.Right);
        plot.SavePng(path, PlotStyle.Width, PlotStyle.Height);
    }

    /// <summary>Adds the points of a pattern or peer; N:M are several patterns, which no line joins. What wasn't measured stays away.</summary>
    private static void Add(Plot plot, string name, IEnumerable<(double Sparsity, double SpeedUp)> points)
    {
        var known = points.Where(point => !double.IsNaN(point.SpeedUp)).OrderBy(point => point.Sparsity).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var (shape, color) = StyleOf(name);
        var series = plot.Add.Scatter(
            known.Select(point => Math.Log10(1 / (1 - point.Sparsity))).ToArray(), known.Select(point => Math.Log10(point.SpeedUp)).ToArray(), color);
        series.LegendText = name;
        series.LineWidth = name == NM ? 0 : 2;
        series.MarkerShape = shape;
        series.MarkerSize = 11;
        series.MarkerLineWidth = 1.5f;
    }

    private static (MarkerShape Shape, Color Color) StyleOf(string name) => name switch
    {
        "dense" => (MarkerShape.FilledCircle, PlotStyle.Blue),
        "unstructured" => (MarkerShape.FilledSquare, PlotStyle.Red),
        NM => (MarkerShape.FilledTriangleUp, PlotStyle.Green),
        "block 16x1" => (MarkerShape.FilledDiamond, PlotStyle.Purple),
        "block 4x4" => (MarkerShape.FilledTriangleDown, PlotStyle.Yellow),
        "block 8x8" => (MarkerShape.OpenCircle, PlotStyle.Sky),
        "block 1x8" => (MarkerShape.OpenDiamond, PlotStyle.Blue),
        _ when name.StartsWith("XNNPACK", StringComparison.Ordinal) => (MarkerShape.OpenSquare, Colors.Black),
        _ => (MarkerShape.OpenTriangleUp, PlotStyle.Gray),
    };
}
