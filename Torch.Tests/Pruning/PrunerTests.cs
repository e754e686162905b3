using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

public sealed class PrunerTests
{
    private const int TotalSteps = 200;

    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("SGD")]
    [InlineData("RMSProp")]
    public void No_pruned_weight_comes_back_and_the_declared_counts_are_reached(string name)
    {
        using var module = new SparseModule(Models.AllPatterns(), seed: 1);
        using var optimizer = Optimizers.Create(name, module);
        var pruner = new Pruner(module, optimizer, TotalSteps);
        var task = new Regression(seed: 2);
        var before = task.Loss(module);
        var everPruned = module.Layers.Select(layer => new bool[layer.Layer.WeightCount]).ToArray();
        var updates = 0;

        for (var step = 1; step <= TotalSteps; step++)
        {
            task.Step(module, optimizer);
            pruner.Step();

            updates += pruner.Updated ? 1 : 0;
            AssertPrunedStaysZero(module, optimizer, everPruned);
        }

        Assert.Equal(TotalSteps, pruner.CompletedSteps);
        Assert.Equal(1, pruner.Progress);
        // Steps 20, 30 ... 140; at 20 the cubic schedule begins with 0.
        Assert.InRange(updates, 5, 12);
        AssertDeclaredCounts(module, pruner);
        Assert.True(task.Loss(module) < before / 2, $"{name}: the loss went from {before} to {task.Loss(module)}.");
    }

    [Fact]
    public void A_plan_composed_in_code_takes_the_place_of_the_annotations()
    {
        var model = Models.AllPatterns();
        using var module = new SparseModule(model, seed: 1);
        using var optimizer = optim.Adam(module.parameters());
        var atOnce = new LayerPruning(new MagnitudeCriterion(), new PruningTimeline(new OneShotSchedule(), 1, 1, 1, 10));
        var plan = new PruningPlan([.. model.Layers.Select(layer => layer.Pattern is DensePattern ? null : atOnce)], new UniformBudget(0.5));
        var pruner = new Pruner(module, optimizer, plan, 10);

        Assert.Equal(0, module.Layers[0].Sparsity);
        pruner.Step();

        Assert.Equal(UnstructuredAt(0.5, module.Layers[0].Layer), module.Layers[0].ActiveCount);

        static long UnstructuredAt(double sparsity, LayerDescriptor layer)
        {
            Assert.IsType<UnstructuredPattern>(layer.Pattern);
            return (long)(layer.WeightCount * (1 - sparsity));
        }
    }

    [Fact]
    public void Training_is_deterministic_by_seed()
    {
        float[] Train()
        {
            using var module = new SparseModule(Models.AllPatterns(), seed: 3);
            using var optimizer = optim.Adam(module.parameters(), lr: 0.01);
            var pruner = new Pruner(module, optimizer, 50);
            var task = new Regression(seed: 4);
            for (var step = 0; step < 50; step++)
            {
                task.Step(module, optimizer);
                pruner.Step();
            }

            return [.. module.Layers.SelectMany(layer => Values.Of(layer.Weight))];
        }

        Assert.Equal(Train(), Train());
    }

    [Fact]
    public void A_constant_schedule_prunes_before_the_first_step()
    {
        using var module = new SparseModule(Models.AllPatterns(Schedule.Constant), seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);

        var pruner = new Pruner(module, optimizer, TotalSteps);

        Assert.True(pruner.Updated);
        Assert.Equal(0, pruner.Progress);
        AssertDeclaredCounts(module, pruner);
        AssertPrunedStaysZero(module, optimizer, [.. module.Layers.Select(layer => new bool[layer.Layer.WeightCount])]);
    }

    [Fact]
    public void A_resumed_run_ends_as_one_in_a_piece()
    {
        using var whole = new SparseModule(Models.AllPatterns(), seed: 5);
        using var resumed = new SparseModule(Models.AllPatterns(), seed: 6);
        Train(whole, 1, TotalSteps, null);

        using (var first = new SparseModule(Models.AllPatterns(), seed: 5))
        {
            Train(first, 1, 85, null);
            resumed.load_state_dict(first.state_dict());
        }

        Train(resumed, 86, TotalSteps, 85);

        for (var i = 0; i < whole.Layers.Count; i++)
        {
            Assert.Equal(Values.Of(whole.Layers[i].Weight), Values.Of(resumed.Layers[i].Weight));
        }

        // Without momentum, so that the weights are all there is to resume from.
        static void Train(SparseModule module, int from, int to, int? completed)
        {
            using var optimizer = optim.SGD(module.parameters(), 0.05);
            var pruner = new Pruner(module, optimizer, TotalSteps, completed ?? 0);
            for (var step = from; step <= to; step++)
            {
                new Regression(seed: step).Step(module, optimizer);
                pruner.Step();
            }
        }
    }

    [Fact]
    public void The_seed_of_a_run_reaches_pruning_by_chance()
    {
        var model = Models.AllPatterns() with { Prune = new PruneSettings(Criterion.Random, Schedule.Constant) };
        Assert.Equal(Masks(seed: 3), Masks(seed: 3));
        Assert.All(Masks(seed: 3).Zip(Masks(seed: 4)).Take(3), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(Masks(seed: 0), Masks(seed: null));

        bool[][] Masks(int? seed)
        {
            using var module = new SparseModule(model, seed: 1);
            using var optimizer = optim.SGD(module.parameters(), 0.1);
            using var pruner = seed is { } own ? new Pruner(module, optimizer, 10, seed: own) : new Pruner(module, optimizer, 10);
            return [.. module.Layers.Select(layer => layer.ReadMask())];
        }
    }

    [Fact]
    public void A_diverged_run_is_reported_and_leaves_the_masks()
    {
        using var module = new SparseModule(Models.AllPatterns(Schedule.OneShot), seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        var pruner = new Pruner(module, optimizer, totalSteps: 10);
        using (no_grad())
        {
            module.Layers[1].Weight[0, 0] = (Tensor)float.NaN;
        }

        var error = Assert.Throws<ArgumentException>(pruner.Step);

        Assert.Contains("Fc2", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, pruner.CompletedSteps);
        Assert.Equal(0, pruner.Sparsity);
    }

    [Fact]
    public void Wrong_arguments_are_errors()
    {
        using var module = new SparseModule(Models.AllPatterns());
        using var other = new SparseModule(Models.AllPatterns());
        using var optimizer = optim.Adam(module.parameters());
        using var foreign = optim.Adam(other.parameters());
        using var undeclared = new SparseModule(Models.AllPatterns() with { Prune = null });

        var error = Assert.Throws<ArgumentException>(() => new Pruner(module, foreign, 10));
        Assert.Contains("Fc1.weight", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Pruner(undeclared, optim.Adam(undeclared.parameters()), 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pruner(module, optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pruner(module, optimizer, 10, -1));
        Assert.Throws<ArgumentNullException>(() => new Pruner(null!, optimizer, 10));
        Assert.Throws<ArgumentNullException>(() => new Pruner(module, null!, 10));
    }

    private static void AssertPrunedStaysZero(SparseModule module, optim.Optimizer optimizer, bool[][] everPruned)
    {
        var states = ((OptimizerHelper)optimizer).state_dict().State;
        var parameters = optimizer.parameters().Select(parameter => parameter.Handle).ToList();
        for (var i = 0; i < module.Layers.Count; i++)
        {
            var layer = module.Masked(i);
            if (layer.Mask is null)
            {
                continue;
            }

            var mask = Values.OfMask(layer.Mask);
            var weights = Values.Of(layer.Weight);
            var memory = OptimizerStates.Tensors(states[parameters.IndexOf(layer.Weight.Handle)]).Select(Values.Of).ToArray();
            for (var k = 0; k < mask.Length; k++)
            {
                everPruned[i][k] |= !mask[k];
                Assert.False(everPruned[i][k] && mask[k], $"{layer.Layer.Name}: weight {k} came back.");
                Assert.True(mask[k] || (weights[k] == 0 && memory.All(values => values[k] == 0)), $"{layer.Layer.Name}: weight {k} isn't 0.");
            }
        }
    }

    private static void AssertDeclaredCounts(SparseModule module, Pruner pruner)
    {
        // 640 weights, a tenth stays; 2 of 4; 48 blocks of 8, a quarter stays; dense.
        Assert.Equal([64L, 384L, 96L, 80L], module.Layers.Select(layer => layer.ActiveCount));
        Assert.Equal([0.9, 0.5, 0.75, 0], pruner.LayerSparsity, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(1 - (544.0 / 1792), pruner.Sparsity, 12);

        var groups = Values.OfMask(module.Masked(1).Mask!).Chunk(4);
        Assert.All(groups, group => Assert.Equal(2, group.Count(active => active)));
        var blocks = Values.OfMask(module.Masked(2).Mask!);
        for (var i = 0; i < blocks.Length; i++)
        {
            var (row, column) = Math.DivRem(i, 24);
            Assert.Equal(blocks[(row / 2 * 2 * 24) + (column / 4 * 4)], blocks[i]);
        }
    }
}
