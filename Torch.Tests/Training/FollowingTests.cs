using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>300 steps with momentum and changing masks: the sparse mode stays beside the exact one at every step.</summary>
public sealed class FollowingTests
{
    private const int Steps = 300;

    [Theory]
    [InlineData("RigL")]
    [InlineData("SET")]
    [InlineData("SNFS")]
    [InlineData("gradual pruning")]
    public void Sparse_follows_exact(string how)
    {
        var expected = Train(TrainingMode.Exact, how);
        var actual = Train(TrainingMode.Sparse, how);
        Assert.True(expected[^1] < expected[0] / 2, $"{how}: the loss went from {expected[0]} to {expected[^1]}.");
        for (var step = 0; step < Steps; step++)
        {
            Assert.True(Math.Abs(expected[step] - actual[step]) <= 1e-3 * expected[step], $"{how}, step {step}: {actual[step]}, not {expected[step]}.");
        }
    }

    private static List<double> Train(TrainingMode mode, string how)
    {
        using var scope = NewDisposeScope();
        var masks = how == "gradual pruning" ? null : RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(mode, seed: 2, masks);
        optim.Optimizer optimizer = mode == TrainingMode.Exact
            ? optim.SGD(module.parameters(), 0.1, momentum: 0.9)
            : new SparseSGD(module.parameters(), 0.1, momentum: 0.9);
        Action step;
        var updates = 0;
        if (how == "gradual pruning")
        {
            var twice = new LayerPruning(new MagnitudeCriterion(), new PruningTimeline(new LinearSchedule(), 80, 160, 40, Steps));
            var plan = new PruningPlan([.. module.Layers.Select(layer => layer.Layer.Pattern is DensePattern ? null : twice)], new ByHandBudget());
            var pruner = new Pruner(module, optimizer, plan, Steps);
            step = () =>
            {
                pruner.Step();
                updates += pruner.Updated ? 1 : 0;
            };
        }
        else
        {
            var rewirer = new Rewirer(module, optimizer, TrainingRun.Rewiring(how) with { End = 0.75 }, Steps, seed: 3);
            step = () =>
            {
                rewirer.Step();
                updates += rewirer.Updated ? 1 : 0;
            };
        }

        var task = new Regression(seed: 4);
        var losses = new List<double>();
        for (var i = 0; i < Steps; i++)
        {
            losses.Add(task.Loss(module));
            task.Step(module, optimizer);
            step();
        }

        Assert.Equal(2, updates);
        return losses;
    }
}
