using System.Globalization;
using System.Runtime.InteropServices;
using KernelGen.Benchmarks.Kernels;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Models;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using KernelGen.Formats;
using Spectre.Console;
using Panel = KernelGen.Dispatch.Panel;

namespace KernelGen.Benchmarks.Threading;

/// <summary>What a call of Forward gains from more threads, beside what the scaling model predicts.</summary>
internal static class ThreadsCommand
{
    private static readonly (Func<BenchedModel> Create, string Name, double Density)[] Models =
    [
        (BenchedModel.Of<Shape4096x4096.Dense>, "4096x4096, dense", 1), (BenchedModel.Of<Shape4096x4096.Unstructured>, "4096x4096, 90%", 0.1),
        (BenchedModel.Of<Shape1024x1024.Dense>, "1024x1024, dense", 1), (BenchedModel.Of<Shape1024x1024.Unstructured>, "1024x1024, 90%", 0.1),
    ];

    /// <exception cref="InvalidOperationException">A result depends on the number of threads.</exception>
    public static void Run(int rounds)
    {
        var slowdown = Environment.ProcessorCount > 1 ? SharedCore.Slowdown(rounds) : 1;
        var forks = Enumerable.Range(1, Environment.ProcessorCount).Select(threads => ForkSeconds(threads, rounds)).ToArray();
        Console.WriteLine($"{MachineInfo.Read()}");
        Console.WriteLine(Text($"Multiply-adds from registers take {slowdown:0.00} times as long while a second thread does the same."));
        Console.WriteLine($"A fork: {string.Join(", ", forks.Select((seconds, i) => Text($"{seconds * 1e6:0.0} us for {i + 1}")))} threads.");
        Console.WriteLine();
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 180);
        // Markdown, which the document takes as it is.
        var table = new Table().MarkdownBorder()
            .AddColumns("layer", "samples", "parts", "threads", "us", "of one thread's time", "predicted", "predicted where each has a core", "one part, one thread");
        foreach (var (create, name, density) in Models)
        {
            var (model, whole) = (create(), Whole(create(), density));
            model.Layer.SetWeights(RandomWeights.Dense(model.Layer, density), []);
            foreach (var batch in new[] { 1, 256 })
            {
                Measure(table, model, whole, name, batch, forks, slowdown, rounds);
            }
        }

        AnsiConsole.Write(table);
    }

    /// <summary>The same layer packed in one part: what cutting costs one thread.</summary>
    private static BenchedModel Whole(BenchedModel model, double density)
    {
        var before = RowParts.LeastWeights;
        RowParts.LeastWeights = int.MaxValue;
        try
        {
            model.Layer.SetWeights(RandomWeights.Dense(model.Layer, density), []);
            _ = model.Layer.Plan;
            return model;
        }
        finally
        {
            RowParts.LeastWeights = before;
        }
    }

    private static void Measure(
        Table table, BenchedModel model, BenchedModel whole, string name, int batch, double[] forks, double slowdown, int rounds)
    {
        var layer = model.Layer;
        var random = new Random(2);
        float[] x = [.. Enumerable.Range(0, batch * layer.InFeatures).Select(_ => random.NextSingle() - 0.5f)];
        var outputs = forks.Select(_ => new float[batch * layer.OutFeatures]).ToArray();
        var ofWhole = new float[batch * layer.OutFeatures];
        var copies = new float[layer.InFeatures + layer.OutFeatures];
        var seconds = RoundRobin.Measure(
            [
                .. outputs.Select((y, i) => (Action)(() =>
                {
                    using var threads = Threads.Override(i + 1);
                    model.Run(x, y, batch, Layout.FeatureMajor);
                })),
                () => whole.Run(x, ofWhole, batch, Layout.FeatureMajor),
                // What a single sample's caller does alone: it copies the input and the output.
                () => copies.AsSpan(0, layer.InFeatures).CopyTo(copies.AsSpan(layer.OutFeatures)),
            ],
            rounds);
        var one = RoundRobin.Median(seconds[0]);
        var (parts, scaling) = Scaling(layer.RequireState(), batch, one, 2 * RoundRobin.Median(seconds[^1]));
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!MemoryMarshal.AsBytes<float>(outputs[i]).SequenceEqual(MemoryMarshal.AsBytes<float>(outputs[0])))
            {
                throw new InvalidOperationException($"{name}, {batch} samples: {i + 1} threads give another result than one.");
            }

            table.AddRow(
                name, Text($"{batch}"), Text($"{parts}"), Text($"{i + 1}"), Text($"{RoundRobin.Median(seconds[i]) * 1e6:0.0}"),
                Text($"{RoundRobin.Ratio(seconds[i], seconds[0]):0.00}"), Text($"{scaling.Seconds(i + 1, forks[i], slowdown) / one:0.00}"),
                Text($"{scaling.Seconds(i + 1, forks[i], 1) / one:0.00}"), Text($"{RoundRobin.Ratio(seconds[^2], seconds[0]):0.00}"));
        }
    }

    /// <summary>The parts of the layer's pack, and how its work is shared: see ThroughputRunner and LatencyRunner.</summary>
    private static (int Parts, ScalingModel Scaling) Scaling(LayerState state, int batch, double one, double copy)
    {
        var set = Isa.Current;
        var isLatency = Regimes.RunsOneByOne([state], set, batch);
        var pack = isLatency ? state.Vector(set).Pack : state.Panel(set).Pack;
        var parts = new List<double>();
        foreach (var part in pack.Parts)
        {
            parts.Add(part.Arrays.Bytes);
        }

        var panels = ((batch - 1) / Panel.Width(set)) + 1;
        return (parts.Count, isLatency || panels < Environment.ProcessorCount
            ? new ScalingModel(one, isLatency ? batch * copy : 0, parts, isLatency ? batch : panels)
            : new ScalingModel(one, 0, [.. Enumerable.Repeat(1.0, panels)], 1));
    }

    private static double ForkSeconds(int threads, int rounds)
        => RoundRobin.Median(RoundRobin.Measure([() => ThreadTeam.Run(Nothing.Instance, threads, threads)], rounds)[0]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Nothing : ITeamWork
    {
        public static Nothing Instance { get; } = new();

        public void Run(int item, int thread)
        {
        }
    }
}
