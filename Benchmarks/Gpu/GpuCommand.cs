using System.Diagnostics;
using System.Globalization;
using ILGPU.Runtime;
using KernelGen.Benchmarks.Reporting;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Gpu;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>Every emitted kernel of some layers on one device, forward and gradients, beside a plain dense kernel; results are checked against the oracle.</summary>
internal static class GpuCommand
{
    /// <summary>Calls are enqueued together, as long as they take together at least so many seconds.</summary>
    private const double SliceSeconds = 0.002;

    /// <exception cref="InvalidOperationException">A result is wrong.</exception>
    public static void Run(int rounds, int[] batches, bool large, string[] filter)
    {
        using var device = GpuDevice.Open();
        Console.WriteLine($"{device}, {device.Accelerator.NumMultiprocessors} multiprocessors");
        Console.WriteLine();
        var table = new MarkdownTable("layer", "samples", "kernel", "us", "dense-equivalent GFLOP/s", "GFLOP/s of stored weights", "GB/s", "times as fast as plain");
        foreach (var shown in GpuCase.Square1024.Concat(large ? GpuCase.Square4096 : []).Where(shown => filter.All(word => shown.Pattern.Contains(word, StringComparison.Ordinal))))
        {
            foreach (var batch in batches)
            {
                Measure(table, device.Accelerator, shown, batch, rounds);
            }
        }

        Console.Write(table);
    }

    private static void Measure(MarkdownTable table, Accelerator accelerator, GpuCase shown, int batch, int rounds)
    {
        var model = shown.Create();
        var layer = model.Layers[0];
        var dense = RandomWeights.Dense(layer, shown.Density);
        layer.SetWeights(dense, []);
        using var cases = new GpuLayerCases(accelerator, model, batch);
        var plain = cases.Plain(dense);
        var plainSeconds = Seconds(plain);
        Row(plain, plainSeconds);
        foreach (var timed in cases.Emitted())
        {
            Row(timed, Seconds(timed));
        }

        void Row(GpuTimed timed, double seconds)
            => table.Add(
                GpuCase.NameOf(layer, shown),
                Text($"{batch}"),
                timed.Name,
                Text($"{seconds * 1e6:0.0}"),
                Text($"{2e-9 * layer.Descriptor.WeightCount * batch / seconds:0}"),
                Text($"{2e-9 * timed.StoredWeights * batch / seconds:0}"),
                Text($"{1e-9 * timed.Bytes / seconds:0}"),
                Text($"{plainSeconds / seconds:0.00}"));

        double Seconds(GpuTimed timed)
        {
            OracleCheck.Run(timed.Name, () => Run(timed.Enqueue, 1), timed.Result, timed.Expected);
            var calls = 1;
            while (Run(timed.Enqueue, calls) < SliceSeconds)
            {
                calls *= 2;
            }

            return RoundRobin.Median(Enumerable.Range(0, rounds).Select(_ => Run(timed.Enqueue, calls) / calls));
        }

        double Run(Action enqueue, int calls)
        {
            accelerator.Synchronize();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                enqueue();
            }

            accelerator.Synchronize();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
