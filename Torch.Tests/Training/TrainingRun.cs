using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>A run that <see cref="CheckpointTests"/> starts in processes of its own, and kills.</summary>
public sealed class TrainingRun
{
    /// <summary>The folder of the run; without it, there is nothing to do.</summary>
    public const string Variable = "KERNELGEN_TEST_TRAINING_RUN";

    private const int Steps = 120;

    [Fact]
    public void Runs_where_a_test_asks_for_it()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, "weights"), Train("RigL", Path.Combine(folder, "checkpoint"), every: 3));
        }
    }

    /// <summary>A rule by its name.</summary>
    public static Rewiring Rewiring(string name) => name switch
    {
        "SET" => KernelGen.Pruning.Rewiring.Set(),
        "RigL" => KernelGen.Pruning.Rewiring.RigL(),
        "SNFS" => KernelGen.Pruning.Rewiring.Snfs(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Trains from the last checkpoint on, or from the beginning.</summary>
    /// <param name="how">SET, RigL, SNFS, AC/DC or gradual pruning.</param>
    /// <param name="checkpoint">The file; null for none.</param>
    /// <param name="until">Where to stop, with a checkpoint.</param>
    /// <param name="every">Steps between two more.</param>
    /// <returns>All parameters, bit for bit.</returns>
    public static string Train(string how, string? checkpoint, int until = Steps, int every = int.MaxValue)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var masks = how is "pruning" or "AC/DC" ? null : RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
        using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
        var scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, Steps);
        var done = checkpoint is not null && File.Exists(checkpoint) ? Checkpoint.Load(checkpoint, module, optimizer, scheduler) : 0;
        var pruner = how == "pruning" ? new Pruner(module, optimizer, Steps, done) : null;
        var alternator = how == "AC/DC" ? new Alternator(module, optimizer, new Alternation(), Steps, done) : null;
        var rewirer = how is "pruning" or "AC/DC" ? null : new Rewirer(module, optimizer, Rewiring(how) with { Every = 10 }, Steps, seed: 3, done);
        for (var step = done; step < until; step++)
        {
            using var inner = NewDisposeScope();
            // Data and dropout by torch's own generator.
            var input = nn.functional.dropout(rand(24, 20), 0.2, training: true);
            optimizer.zero_grad();
            nn.functional.mse_loss(module.call(input), input.narrow(1, 0, 5).sin()).backward();
            optimizer.step();
            scheduler.step();
            pruner?.Step();
            rewirer?.Step();
            alternator?.Step();
            if (checkpoint is not null && (step + 1 == until || (step + 1) % every == 0))
            {
                Checkpoint.Save(checkpoint, module, optimizer, step + 1);
            }
        }

        return string.Join('\n', module.parameters().Select(parameter => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Values.Of(parameter)))));
    }
}
