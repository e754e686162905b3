using System.Diagnostics;
using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Benchmarks.Reporting;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Formats;
using KernelGen.Gpu;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Running;
using KernelGen.Reference;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>Every emitted kernel of some layers on one device, beside a plain dense kernel; results are checked against the oracle.</summary>
internal static class GpuCommand
{
    /// <summary>Calls are enqueued together, as long as they take together at least so many seconds.</summary>
    private const double SliceSeconds = 0.002;

    private const int CheckedSamples = 3;

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
        var stride = (batch + 31) / 32 * 32;
        var random = new Random(2);
        var input = new float[layer.InFeatures * stride];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (random.NextSingle() * 2) - 1;
        }

        using var x = accelerator.Allocate1D(input);
        using var y = accelerator.Allocate1D<float>((long)layer.OutFeatures * stride);
        using var weights = accelerator.Allocate1D(dense);
        var plain = accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int>(PlainDense.Run);
        var plainConfig = new KernelConfig(((layer.OutFeatures * stride) - 1) / PlainDense.Threads + 1, PlainDense.Threads);
        var expected = Expected(layer, input, stride, Math.Min(batch, CheckedSamples));

        var plainSeconds = Seconds("plain", () => plain(accelerator.DefaultStream, plainConfig, x.View, weights.View, y.View, layer.OutFeatures, layer.InFeatures, stride));
        var activationBytes = sizeof(float) * (double)batch * (layer.InFeatures + layer.OutFeatures);
        Row("plain dense", plainSeconds, layer.Descriptor.WeightCount, sizeof(float) * layer.Descriptor.WeightCount);
        var kernels = model.GpuNetwork.Layers[0];
        foreach (var kernel in (kernels.Sparse ?? []).Concat(shown.Pattern == "dense" ? kernels.Dense : []))
        {
            using var loaded = GpuProduct.Upload(accelerator, layer.Descriptor, layer.RequireState().Weights, [], [kernel], isSparse: true, "benchmark");
            var seconds = Seconds(kernel.Name, () => loaded.Run(accelerator.DefaultStream, x.View, y.View, stride));
            Row(kernel.Name, seconds, kernel.Format.Pack(layer.RequireState().Weights).StoredWeights, loaded.Plan.Bytes);
        }

        void Row(string name, double seconds, long stored, long bytes)
            => table.Add(
                GpuCase.NameOf(layer, shown),
                Text($"{batch}"),
                name,
                Text($"{seconds * 1e6:0.0}"),
                Text($"{2e-9 * layer.Descriptor.WeightCount * batch / seconds:0}"),
                Text($"{2e-9 * stored * batch / seconds:0}"),
                Text($"{1e-9 * (bytes + activationBytes) / seconds:0}"),
                Text($"{plainSeconds / seconds:0.00}"));

        double Seconds(string name, Action enqueue)
        {
            OracleCheck.Run(name, () => Run(enqueue, 1), () => FirstSamples(y.GetAsArray1D()), expected);
            var calls = 1;
            while (Run(enqueue, calls) < SliceSeconds)
            {
                calls *= 2;
            }

            return RoundRobin.Median(Enumerable.Range(0, rounds).Select(_ => Run(enqueue, calls) / calls));
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

        float[] FirstSamples(float[] all)
            => [.. Enumerable.Range(0, expected.Length).Select(i => all[(i % layer.OutFeatures * stride) + (i / layer.OutFeatures)])];
    }

    private static double[] Expected(Linear layer, float[] input, int stride, int samples)
    {
        var x = new double[samples * layer.InFeatures];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = input[(i % layer.InFeatures * stride) + (i / layer.InFeatures)];
        }

        var y = new double[samples * layer.OutFeatures];
        LinearReference.Forward(layer.Descriptor, layer.RequireState().Weights, [], x, y, samples);
        return y;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
