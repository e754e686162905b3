using System.Diagnostics;
using Digits.Data;
using KernelGen.Torch;
using Study.Methods;
using Study.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace Study.Training;

/// <summary>The loop that all methods share: AdamW and cross entropy; a checkpoint after each epoch and where it is stopped.</summary>
internal static class TrainingLoop
{
    /// <summary>Trains from the checkpoint on, if there is one, and hands the final module to a function.</summary>
    /// <param name="method">The method.</param>
    /// <param name="run">The run.</param>
    /// <param name="context">What the method is told.</param>
    /// <param name="checkpoint">The checkpoint's file.</param>
    /// <param name="progress">Told the share that is done, after each epoch.</param>
    /// <param name="finish">Makes the result.</param>
    /// <param name="stop">Stops the run after the step that it is in.</param>
    /// <returns>What the function made; null where the run was stopped.</returns>
    /// <exception cref="DivergedException">Weights that are NaN can't be pruned.</exception>
    public static T? Train<T>(
        Method method, RunKey run, RunContext context, string checkpoint, Action<double> progress, Func<SparseModule, TrainingFigures, T> finish, CancellationToken stop)
        where T : class
    {
        using var scope = NewDisposeScope();
        random.manual_seed(run.Seed);
        using var module = method.Module(context);
        using var optimizer = new SparseAdamW(module.parameters(), run.Settings.LearningRate, weight_decay: run.Settings.WeightDecay);
        var scheduler = optim.lr_scheduler.LambdaLR(optimizer, step => method.Rate(Math.Min(1, (double)step / context.TotalSteps)));
        var follow = method.Begin(context, module, optimizer);
        var isResumed = File.Exists(checkpoint);
        var done = isResumed ? Checkpoint.Load(checkpoint, module, optimizer, scheduler) : 0;
        var course = follow(done);
        using var pruner = course.Pruner;
        if (isResumed && pruner is not null)
        {
            Checkpoint.LoadPruner(checkpoint, pruner);
        }

        var images = tensor(context.Train.Pixels, [context.Train.Count, context.Train.Features]);
        var labels = tensor(context.Train.Labels);
        var figures = new TrainingFigures(isWhole: !isResumed);
        for (var epoch = (int)(done / context.EpochSteps); epoch < run.Epochs; epoch++)
        {
            var order = Order(context.Train.Count, run.Seed, epoch);
            for (var batch = (int)(done % context.EpochSteps); batch < context.EpochSteps; batch++, done++)
            {
                if (stop.IsCancellationRequested)
                {
                    Checkpoint.Save(checkpoint, module, optimizer, done, pruner);
                    return null;
                }

                using var inner = NewDisposeScope();
                var which = tensor(order[(batch * run.Batch)..Math.Min(order.Length, (batch + 1) * run.Batch)]);
                var (x, y) = (images[which], labels[which]);
                var start = Stopwatch.GetTimestamp();
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(Forward(module, x, run.Settings.Dropout), y, label_smoothing: run.Settings.LabelSmoothing);
                (course.Penalty is { } penalty ? loss + penalty() : loss).backward();
                optimizer.step();
                scheduler.step();
                try
                {
                    course.AfterStep?.Invoke();
                }
                catch (ArgumentException e) when (module.parameters().Any(parameter => !parameter.isfinite().all().item<bool>()))
                {
                    throw new DivergedException($"Step {done + 1} of {context.TotalSteps}: {e.Message}", e);
                }

                figures.Add(Stopwatch.GetElapsedTime(start));
            }

            figures.Measure(module);
            Checkpoint.Save(checkpoint, module, optimizer, done, pruner);
            progress((epoch + 1.0) / run.Epochs);
        }

        course.Finish?.Invoke();
        return finish(module, figures);
    }

    private static Tensor Forward(SparseModule module, Tensor input, double dropout)
    {
        var activations = input;
        foreach (var (i, layer) in module.Layers.Index())
        {
            activations = layer.call(activations);
            if (dropout > 0 && i < module.Layers.Count - 1)
            {
                activations = nn.functional.dropout(activations, dropout, training: true);
            }
        }

        return activations;
    }

    // From the seed and the epoch alone: a resumed run sees the same order.
    private static long[] Order(int count, int seed, int epoch)
    {
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        new Random((seed * 100_003) + epoch).Shuffle(order);
        return order;
    }
}
