using Digits.Data;
using KernelGen.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Digits.Training;

/// <summary>An ordinary TorchSharp training loop; pruning adds two lines to it.</summary>
internal static class TrainingRun
{
    public static TrainedModule Train(
        SparseModule module, ImageSet data, TrainingOptions options, bool prune, Action<int> epochDone)
    {
        using var images = tensor(data.Train.Pixels, [data.Train.Count, data.Train.Features]);
        using var labels = tensor(data.Train.Labels);
        using var optimizer = optim.Adam(module.parameters(), options.LearningRate);
        var batches = (data.Train.Count + options.Batch - 1) / options.Batch;
        var totalSteps = (long)options.Epochs * batches;
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, totalSteps);
        using var pruner = prune ? new Pruner(module, optimizer, totalSteps, seed: options.Seed) : null;

        var order = Enumerable.Range(0, data.Train.Count).Select(i => (long)i).ToArray();
        var random = new Random(options.Seed);
        var history = new List<EpochRecord>();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            random.Shuffle(order);
            for (var start = 0; start < order.Length; start += options.Batch)
            {
                using var scope = NewDisposeScope();
                var batch = tensor(order[start..Math.Min(order.Length, start + options.Batch)]);
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(module.forward(images[batch]), labels[batch]);
                loss.backward();
                optimizer.step();
                schedule.step();
                pruner?.Step();
            }

            history.Add(new EpochRecord(epoch + 1, Evaluation.Accuracy(module, data.Test), pruner?.Sparsity ?? 0));
            epochDone(epoch + 1);
        }

        return new TrainedModule(module, history);
    }
}

/// <summary>What a run needs beside a module and data.</summary>
internal sealed record TrainingOptions(int Epochs, int Batch, double LearningRate, int Seed);

/// <summary>A trained module and how it came to be.</summary>
internal sealed record TrainedModule(SparseModule Module, IReadOnlyList<EpochRecord> History)
{
    /// <summary>Test accuracy of the final module; not the best one seen.</summary>
    public double Accuracy => History[^1].Accuracy;
}

/// <summary>A point of the curve.</summary>
internal sealed record EpochRecord(int Epoch, double Accuracy, double Sparsity);
