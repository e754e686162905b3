using System.Globalization;
using KernelGen.Benchmarks.Models;
using Spectre.Console;

namespace KernelGen.Benchmarks.Gradients;

/// <summary>
/// What a training step's products take: forward pass, gradients of input and weights, and handing the kernels new values; each beside the dense
/// product, which oneDNN computes in its best layout.
/// </summary>
internal static class TrainingCommand
{
    private const int Batch = 128;

    private static readonly Func<Linear>[] Layers =
    [
        () => new Shape512x512.Unstructured().Layer, () => new Shape1024x1024.Unstructured().Layer, () => new Shape3072x768.Unstructured().Layer,
        () => new Shape1024x1024.NM2Of4().Layer, () => new Shape1024x1024.Block16x1().Layer,
    ];

    /// <returns>The exit code: 1 where oneDNN isn't installed.</returns>
    public static int Run(int rounds)
    {
        if (GradientCase.MissingPeer is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 1;
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
        var table = new Table().Title($"Products of a training step, batch {Batch}: speed-ups over oneDNN's dense ones")
            .AddColumns("layer", "pattern", "zeros", "forward", "input gradient", "weight gradient", "new values, of a step", "all products");
        foreach (var create in Layers)
        {
            foreach (var density in create().Descriptor.Pattern is NMPattern p ? [(double)p.N / p.M] : new[] { 0.2, 0.1, 0.05, 0.02 })
            {
                var layer = create();
                var result = GradientCase.Measure(layer, density, Batch, rounds);
                table.AddRow(
                    $"{layer.OutFeatures}x{layer.InFeatures}", layer.Descriptor.Pattern.ToString()!, (1 - density).ToString("0%", CultureInfo.InvariantCulture),
                    Ratio(result.Forward), Ratio(result.InputGradient), Ratio(result.WeightGradient),
                    result.RefreshShare.ToString("0%", CultureInfo.InvariantCulture), Ratio(result.Step));
            }
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
