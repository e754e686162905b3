using System.Diagnostics;
using Digits.Data;
using KernelGen;
using KernelGen.Pruning;
using KernelGen.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SparseTraining.Training;

/// <summary>An ordinary TorchSharp loop, with a checkpoint after each epoch and where it is stopped.</summary>
internal static class MethodRun
{
    /// <summary>Trains from the checkpoint on, if there is one.</summary>
    /// <returns>The result; null where the run was stopped.</returns>
    public static MethodResult? Train<TDense, TSparse>(
        Method method, ImageSet data, TrainingOptions options, string checkpoint, Action<double> progress, CancellationToken stop)
        where TDense : ISparseModel
        where TSparse : ISparseModel, new()
    {
        using var scope = NewDisposeScope();
        var module = method.IsSparse
            ? SparseModule.For<TSparse>(TrainingMode.Sparse, options.Seed, RandomMasks.Create(TSparse.Descriptor, options.Seed, new ErkBudget(options.Sparsity)))
            : SparseModule.For<TDense>(options.Seed);
        using optim.Optimizer optimizer = method.IsSparse
            ? new SparseAdam(module.parameters(), options.LearningRate)
            : optim.Adam(module.parameters(), options.LearningRate);
        var batches = (data.Train.Count + options.Batch - 1) / options.Batch;
        var total = (long)options.Epochs * batches;
        var scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, total);
        var done = File.Exists(checkpoint) ? Checkpoint.Load(checkpoint, module, optimizer, scheduler) : 0;
        var rewirer = method.Rewiring is { } rewiring ? new Rewirer(module, optimizer, rewiring, total, options.Seed, done) : null;

        var images = tensor(data.Train.Pixels, [data.Train.Count, data.Train.Features]);
        var labels = tensor(data.Train.Labels);
        var steps = new List<double>();
        for (var epoch = (int)(done / batches); epoch < options.Epochs; epoch++)
        {
            // From the seed and the epoch alone: a resumed run sees the same order.
            var order = Enumerable.Range(0, data.Train.Count).Select(i => (long)i).ToArray();
            new Random((options.Seed * 100_003) + epoch).Shuffle(order);
            for (var batch = (int)(done % batches); batch < batches; batch++, done++)
            {
                if (stop.IsCancellationRequested)
                {
                    Checkpoint.Save(checkpoint, module, optimizer, done);
                    return null;
                }

                using var inner = NewDisposeScope();
                var which = tensor(order[(batch * options.Batch)..Math.Min(order.Length, (batch + 1) * options.Batch)]);
                var (x, y) = (images[which], labels[which]);
                var start = Stopwatch.GetTimestamp();
                optimizer.zero_grad();
                nn.functional.cross_entropy(module.call(x), y).backward();
                optimizer.step();
                scheduler.step();
                rewirer?.Step();
                steps.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            Checkpoint.Save(checkpoint, module, optimizer, done);
            progress(epoch + 1);
        }

        progress(options.Epochs);
        steps.Sort();
        return new MethodResult(
            method, Accuracy(module, data.Test), module.Layers.Sum(layer => layer.ActiveCount), steps.Count > 0 ? steps[steps.Count / 2] : double.NaN, Bytes(module));
    }

    private static double Accuracy(SparseModule module, LabelledImages test)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var classes = module.call(tensor(test.Pixels, [test.Count, test.Features])).argmax(1);
        return classes.eq(tensor(test.Labels)).to(ScalarType.Float32).mean().item<float>();
    }

    // Adam remembers two numbers for each parameter.
    private static long Bytes(SparseModule module)
        => (module.parameters().Sum(parameter => parameter.NumberOfElements) * 3 * sizeof(float)) + module.Layers.OfType<SparseLinear>().Sum(layer => layer.PackedBytes);
}
