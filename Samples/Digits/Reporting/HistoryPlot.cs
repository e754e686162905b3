using Digits.Training;
using ScottPlot;

namespace Digits.Reporting;

/// <summary>Accuracy and sparsity over the epochs, as a PNG.</summary>
internal static class HistoryPlot
{
    public static void Save(string title, TrainedModule dense, TrainedModule sparse, string path)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel("epoch");
        plot.YLabel("test accuracy, %");
        Curve(plot, "dense", dense, record => record.Accuracy, plot.Axes.Left);
        Curve(plot, "pruned", sparse, record => record.Accuracy, plot.Axes.Left);
        var sparsity = Curve(plot, "sparsity of the pruned layers, %", sparse, record => record.Sparsity, plot.Axes.Right);
        sparsity.LinePattern = LinePattern.Dashed;
        plot.Axes.Right.Label.Text = "sparsity of the pruned layers, %";
        plot.ShowLegend(Alignment.LowerRight);
        plot.SavePng(path, 900, 500);
    }

    private static ScottPlot.Plottables.Scatter Curve(
        Plot plot, string name, TrainedModule run, Func<EpochRecord, double> value, IYAxis axis)
    {
        var curve = plot.Add.Scatter(
            run.History.Select(record => (double)record.Epoch).ToArray(), run.History.Select(record => 100 * value(record)).ToArray());
        curve.LegendText = name;
        curve.Axes.YAxis = axis;
        return curve;
    }
}
