using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Machine;
using ScottPlot;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>Every case's speed over its arithmetic intensity, under the measured roofs.</summary>
internal static class RooflinePlot
{
    // The space around the axes is fixed, so that the roofs' angle is known: their names lie along them.
    private static readonly PixelPadding Space = new(left: 80, right: 30, bottom: 70, top: 60);

    /// <summary>Saves the plot as a PNG.</summary>
    public static void Save(Roofline roofline, IReadOnlyList<KernelResult> results, string path)
    {
        static double Intensity(KernelResult result) => result.Flops / result.Bytes;
        var peak = roofline.Flops / 1e9;
        var (left, right) = (0.7 * results.Min(Intensity), 1.5 * results.Max(Intensity));
        var (bottom, top) = (0.6 * results.Min(result => result.GFlops), 1.6 * peak);
        var plot = PlotStyle.Create("Every case under the roofs of the machine", "flops a byte of weights, input and output", "effective GFLOP/s");
        plot.Layout.Fixed(Space);
        plot.Axes.SetLimits(Math.Log10(left), Math.Log10(right), Math.Log10(bottom), Math.Log10(top));
        plot.Axes.Bottom.TickGenerator = PlotStyle.Ticks(left, right);
        plot.Axes.Left.TickGenerator = PlotStyle.Ticks(bottom, top);

        var pixelsAcross = (PlotStyle.Width - Space.Left - Space.Right) / Math.Log10(right / left);
        var pixelsUp = (PlotStyle.Height - Space.Top - Space.Bottom) / Math.Log10(top / bottom);
        var angle = -(float)(Math.Atan2(pixelsUp, pixelsAcross) * 180 / Math.PI);
        foreach (var (name, bandwidth) in new[] { ("L1", roofline.L1), ("L2", roofline.L2), ("L3", roofline.L3), ("memory", roofline.Memory) })
        {
            // y = bandwidth * x, up to the peak.
            var slope = bandwidth / 1e9;
            Roof(plot, (bottom / slope, bottom), (peak / slope, peak));
            Label(plot, $"{name} {Figures.Number(slope, "0")} GB/s", (0.55 * peak / slope, 0.55 * peak), Alignment.LowerCenter, angle);
        }

        Roof(plot, (peak / (roofline.L1 / 1e9), peak), (right, peak));
        Label(plot, $"multiply-adds {Figures.Number(peak, "0")} GFLOP/s ", (right, peak), Alignment.LowerRight, 0);
        foreach (var series in results.GroupBy(NameOf))
        {
            var (shape, color) = StyleOf(series.First());
            var markers = plot.Add.Markers(
                series.Select(result => Math.Log10(Intensity(result))).ToArray(), series.Select(result => Math.Log10(result.GFlops)).ToArray(),
                shape, size: 10, color);
            markers.MarkerLineWidth = 1.5f;
            markers.LegendText = series.Key;
        }

        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(path, PlotStyle.Width, PlotStyle.Height);
    }

    /// <summary>Such as "SpMM block".</summary>
    private static string NameOf(KernelResult result)
        => $"{result.Id.Op} {FamilyOf(result)}{(result.IsFew ? ", few samples" : "")}";

    private static string FamilyOf(KernelResult result) => result.Pattern.Contains(':', StringComparison.Ordinal) ? "N:M" : result.Pattern.Split(' ')[0];

    /// <summary>A colour for each family of patterns; batches are filled.</summary>
    private static (MarkerShape Shape, Color Color) StyleOf(KernelResult result)
    {
        var (filled, open, color) = FamilyOf(result) switch
        {
            "dense" => (MarkerShape.FilledCircle, MarkerShape.OpenCircle, PlotStyle.Blue),
            "unstructured" => (MarkerShape.FilledSquare, MarkerShape.OpenSquare, PlotStyle.Red),
            "N:M" => (MarkerShape.FilledTriangleUp, MarkerShape.OpenTriangleUp, PlotStyle.Green),
            _ => (MarkerShape.FilledDiamond, MarkerShape.OpenDiamond, PlotStyle.Purple),
        };
        return (result.IsFew ? MarkerShape.Cross : result.N == 1 ? open : filled, color);
    }

    private static void Roof(Plot plot, (double X, double Y) from, (double X, double Y) to)
    {
        var line = plot.Add.Line(Math.Log10(from.X), Math.Log10(from.Y), Math.Log10(to.X), Math.Log10(to.Y));
        line.LineColor = PlotStyle.Gray;
        line.LineWidth = 1.5f;
    }

    private static void Label(Plot plot, string text, (double X, double Y) at, Alignment alignment, float rotation)
    {
        var label = plot.Add.Text(text, Math.Log10(at.X), Math.Log10(at.Y));
        label.LabelFontSize = PlotStyle.FontSize;
        label.LabelFontColor = PlotStyle.Gray;
        label.LabelAlignment = alignment;
        label.LabelRotation = rotation;
    }
}
