using ScottPlot;
using ScottPlot.TickGenerators;

namespace KernelGen.Benchmarks.Reporting;

/// <summary>What the plots have in common: logarithmic axes, sizes, and colours that are also told apart without red and green.</summary>
internal static class PlotStyle
{
    public const int Width = 1200;
    public const int Height = 720;
    public const float FontSize = 16;

    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Red = Color.FromHex("#D55E00");
    public static readonly Color Green = Color.FromHex("#009E73");
    public static readonly Color Purple = Color.FromHex("#AA4499");
    public static readonly Color Yellow = Color.FromHex("#DDA000");
    public static readonly Color Sky = Color.FromHex("#56B4E9");
    public static readonly Color Gray = Color.FromHex("#707070");

    private static readonly int[] Digits = [1, 2, 5];

    public static Plot Create(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set("DejaVu Sans");
        plot.Title(title, FontSize + 3);
        plot.XLabel(x, FontSize);
        plot.YLabel(y, FontSize);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = FontSize;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        plot.Legend.FontSize = FontSize;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Color.FromHex("#C0C0C0");
        return plot;
    }

    /// <summary>Ticks at these values of a logarithmic axis, whose coordinates are decimal logarithms.</summary>
    public static NumericManual Ticks(IEnumerable<(double Value, string Label)> ticks)
        => new(ticks.Select(tick => Math.Log10(tick.Value)).ToArray(), ticks.Select(tick => tick.Label).ToArray());

    /// <summary>1, 2 and 5 times the powers of ten between two values.</summary>
    public static NumericManual Ticks(double least, double most)
        => Ticks(
            from power in Enumerable.Range(-3, 8)
            from digit in Digits
            let value = digit * Math.Pow(10, power)
            where value >= least && value <= most
            select (value, Figures.Number(value, "0.###")));
}
