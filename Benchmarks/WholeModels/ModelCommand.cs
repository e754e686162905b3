using System.Globalization;
using System.Text.Json;
using KernelGen.Benchmarks.Peers;
using KernelGen.Benchmarks.Timing;
using KernelGen.Benchmarks.Weights;
using KernelGen.Reference;
using KernelGen.Serialization;
using Spectre.Console;

namespace KernelGen.Benchmarks.WholeModels;

/// <summary>A whole pruned model beside other libraries, which run it dense; all in turns, all checked against the oracle.</summary>
internal static class ModelCommand
{
    private const double Density = 0.03;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    // How many times as fast as ONNX Runtime we want to be.
    private static readonly (int Batch, double Goal)[] Cases = [(1, 5), (256, 6)];

    public static void Run(int rounds, FileInfo? json)
    {
        // As the peers, whatever the environment says.
        using var one = Threads.Override(1);
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
        var model = new LeNet300();
        foreach (var layer in model.Layers)
        {
            layer.SetWeights(RandomWeights.Dense(layer, Density), []);
        }

        var plans = model.Layers.Select(layer => layer.Plan).ToList();
        plans.ForEach(plan => AnsiConsole.WriteLine(plan.ToString()));
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Bytes: {plans.Sum(plan => plan.Latency.Bytes):N0} for one sample, {plans.Sum(plan => plan.Throughput.Bytes):N0} for batches, {plans.Sum(plan => plan.Weights) * sizeof(float):N0} dense"));
        if (TorchThreads.Missing is { } missing)
        {
            AnsiConsole.MarkupLineInterpolated($"[yellow]Missing: TorchSharp: {missing}[/]");
        }

        var results = Cases.SelectMany(one => Measure(model, one.Batch, one.Goal, rounds)).ToList();
        var table = new Table().AddColumns("samples", "model", "microseconds", "KernelGen over it", "goal");
        foreach (var result in results)
        {
            table.AddRow(
                result.Batch.ToString(CultureInfo.InvariantCulture), result.Contestant, result.Microseconds.ToString("0.0", CultureInfo.InvariantCulture),
                result.OverIt.ToString("0.00", CultureInfo.InvariantCulture), result.Goal?.ToString(CultureInfo.InvariantCulture) ?? "");
        }

        AnsiConsole.Write(table);
        if (json is not null)
        {
            json.Directory?.Create();
            AtomicFile.Write(json.FullName, stream => JsonSerializer.Serialize(stream, results, Json));
        }
    }

    /// <exception cref="InvalidOperationException">A result is wrong.</exception>
    private static List<ModelResult> Measure(LeNet300 model, int batch, double goal, int rounds)
    {
        var random = new Random(3);
        float[] input = [.. Enumerable.Range(0, batch * model.Layers[0].InFeatures).Select(_ => random.NextSingle())];
        var expected = Expected(model, input, batch);
        List<IWholeModel> contestants = [new OwnModel(model, input, batch), new OnnxRuntimeModel(model.Layers, input, batch)];
        if (TorchThreads.Missing is null)
        {
            contestants.Add(new TorchModel(model.Layers, input, batch));
        }

        try
        {
            foreach (var contestant in contestants)
            {
                OracleCheck.Run(contestant.Name, contestant.Run, contestant.Result, expected);
            }

            var seconds = RoundRobin.Measure([.. contestants.Select(contestant => (Action)contestant.Run)], rounds);
            return contestants.Select((contestant, i) => new ModelResult(
                batch, contestant.Name, 1e6 * RoundRobin.Median(seconds[i]), RoundRobin.Ratio(seconds[i], seconds[0]),
                contestant is OnnxRuntimeModel ? goal : null)).ToList();
        }
        finally
        {
            foreach (var contestant in contestants)
            {
                contestant.Dispose();
            }
        }
    }

    private static double[] Expected(LeNet300 model, float[] input, int batch)
    {
        var x = Array.ConvertAll(input, value => (double)value);
        foreach (var layer in model.Layers)
        {
            var y = new double[batch * layer.OutFeatures];
            LinearReference.Forward(layer.Descriptor, layer.RequireState().Weights, default, x, y, batch);
            x = y;
        }

        return x;
    }
}
