using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KernelGen.Benchmarks.Models;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Dispatch;
using Spectre.Console;

namespace KernelGen.Benchmarks.PackSpeed;

/// <summary>
/// What setting weights takes, choice of kernels included, in passes over the dense weights, regime by regime; and what a panel then takes on a quick
/// pack, as a multiple of the thorough one's.
/// </summary>
internal static class PackingCommand
{
    /// <summary>A quick pack may take so many passes.</summary>
    private const double Goal = 5;

    private const double WarmUpSeconds = 0.25;

    private static readonly Func<Linear>[] Layers =
    [
        () => new Shape512x512.Unstructured().Layer, () => new Shape1024x1024.Unstructured().Layer, () => new Shape3072x768.Unstructured().Layer,
        () => new Shape1024x1024.NM2Of4().Layer, () => new Shape1024x1024.Block16x1().Layer, () => new Shape1024x1024.Block4x4().Layer,
    ];

    public static void Run(int rounds)
    {
        AnsiConsole.Profile.Width = 180;
        var table = new Table().Title("Setting weights, in passes over the dense ones")
            .AddColumns("layer", "pattern", "density", "a pass, us", "quick, throughput", "quick, latency", "thorough, throughput", "thorough, latency", $"quick within {Goal}", "a batch on a quick pack");
        foreach (var create in Layers)
        {
            foreach (var density in create().Descriptor.Pattern is NMPattern ? [0.5] : new[] { 0.2, 0.1, 0.05 })
            {
                table.AddRow(Row(create, density, rounds));
            }
        }

        AnsiConsole.Write(table);
    }

    private static string[] Row(Func<Linear> create, double density, int rounds)
    {
        var layer = create();
        var weights = RandomWeights.Dense(layer, density);
        var sum = 0f;
        Action[] contestants =
        [
            () => sum += Pass(weights),
            Setting(create, weights, Packing.Quick, batch: 64), Setting(create, weights, Packing.Quick, batch: 1),
            Setting(create, weights, Packing.Thorough, batch: 64), Setting(create, weights, Packing.Thorough, batch: 1),
        ];
        foreach (var contestant in contestants)
        {
            WarmUp(contestant);
        }

        var seconds = RoundRobin.Measure(contestants, rounds);
        GC.KeepAlive(sum);
        var runs = RoundRobin.Measure([Running(create, weights, Packing.Quick), Running(create, weights, Packing.Thorough)], rounds);
        var passes = Enumerable.Range(1, 4).Select(i => RoundRobin.Ratio(seconds[i], seconds[0])).ToArray();
        return
        [
            $"{layer.OutFeatures}x{layer.InFeatures}", layer.Descriptor.Pattern.ToString()!, density.ToString(CultureInfo.InvariantCulture),
            (RoundRobin.Median(seconds[0]) * 1e6).ToString("0", CultureInfo.InvariantCulture),
            .. passes.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)),
            passes[0] <= Goal && passes[1] <= Goal ? "yes" : "no",
            RoundRobin.Ratio(runs[0], runs[1]).ToString("0.00", CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>Runs for so long that its code is optimised, as that of a training is after some steps.</summary>
    private static void WarmUp(Action contestant)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds;)
        {
            contestant();
        }
    }

    /// <summary>Sets weights of a layer that has run at a batch size, so that they are packed for that.</summary>
    private static Action Setting(Func<Linear> create, float[] weights, Packing packing, int batch)
    {
        var layer = create();
        layer.Packing = packing;
        layer.SetWeights(weights, []);
        _ = batch == 1 ? (object)layer.State!.Vector(Isa.Current) : layer.State!.Panel(Isa.Current);
        return () => layer.SetWeights(weights, []);
    }

    /// <summary>Runs a panel on weights that are packed so.</summary>
    private static Action Running(Func<Linear> create, float[] weights, Packing packing)
    {
        var layer = create();
        layer.Packing = packing;
        layer.SetWeights(weights, []);
        var packed = layer.State!.Panel(Isa.Current);
        return new KernelTrial(packed.Kernel, packed.Pack, layer.Descriptor).Run;
    }

    /// <summary>Reads all weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Pass(ReadOnlySpan<float> weights)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (; weights.Length >= 64; weights = weights[64..])
        {
            a += Vector512.Create(weights);
            b += Vector512.Create(weights[16..]);
            c += Vector512.Create(weights[32..]);
            d += Vector512.Create(weights[48..]);
        }

        return Vector512.Sum(a + b + c + d);
    }
}
