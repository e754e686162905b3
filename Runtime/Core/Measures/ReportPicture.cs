using System.Globalization;
using System.Xml.Linq;

namespace KernelGen.Measures;

/// <summary>A report as a picture: a line for each layer, with bars of bytes and of operations over those of the dense layer.</summary>
internal static class ReportPicture
{
    private const int BarWidth = 270;
    private const int Gap = 30;
    private const int RowHeight = 42;
    private const int BarHeight = 14;
    private const int Top = 64;

    // Of a layer beside a much larger one: still seen.
    private const double LeastBar = 1;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Write(ModelReport report)
    {
        // A letter of 12 points is some 7 wide.
        var nameWidth = Gap + (7 * report.Layers.Select(static layer => Math.Max(layer.Name.Length, layer.Pattern.Length)).DefaultIfEmpty().Max());
        var (width, height) = (nameWidth + (2 * (BarWidth + Gap)), Top + (report.Layers.Count * RowHeight));
        var (mostBytes, mostFlops) = (report.Layers.Select(static layer => layer.DenseBytes).DefaultIfEmpty().Max(), report.Layers.Select(static layer => layer.DenseInferenceFlops).DefaultIfEmpty().Max());
        var picture = new XElement(
            Svg + "svg",
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("font-family", "sans-serif"),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "white")),
            Text(Gap / 2, 24, 16, Invariant($"{report.Model}: {100 * report.Sparsity:0.0}% zeros")),
            Text(nameWidth + BarWidth + Gap, 24, 12, "blue: what is left; grey: the dense layer"),
            Text(nameWidth, 50, 12, Invariant($"bytes: {report.Bytes:N0}, {report.Compression:0.0}x smaller than dense")),
            Text(nameWidth + BarWidth + Gap, 50, 12, Invariant($"FLOPs a sample: {report.InferenceFlops:N0}, {(double)report.DenseInferenceFlops / report.InferenceFlops:0.0}x fewer")));
        foreach (var (i, layer) in report.Layers.Index())
        {
            var y = Top + (i * RowHeight);
            picture.Add(
                Text(Gap / 2, y + 11, 12, layer.Name),
                Text(Gap / 2, y + 27, 11, layer.Pattern),
                Bars(nameWidth, y, layer.Bytes, layer.DenseBytes, mostBytes),
                Bars(nameWidth + BarWidth + Gap, y, layer.InferenceFlops, layer.DenseInferenceFlops, mostFlops));
        }

        return picture.ToString();
    }

    private static XElement[] Bars(int x, int y, long number, long dense, long most) =>
    [
        Bar(x, y, (double)dense / most, "#d5d9de"),
        // An index can take more than it saves.
        Bar(x, y, Math.Min(1, (double)number / most), "#3b6ea8"),
        Text(x, y + 27, 11, Invariant($"{number:N0} of {dense:N0}")),
    ];

    private static XElement Bar(int x, int y, double share, string color) => new(
        Svg + "rect",
        new XAttribute("x", x),
        new XAttribute("y", y),
        new XAttribute("width", Invariant($"{Math.Max(LeastBar, share * BarWidth):0.##}")),
        new XAttribute("height", BarHeight),
        new XAttribute("fill", color));

    private static XElement Text(int x, int y, int size, string text)
        => new(Svg + "text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("font-size", size), text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
