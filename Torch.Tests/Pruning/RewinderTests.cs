using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

public sealed class RewinderTests
{
    private const int Rounds = 3;
    private const int Steps = 8;

    // The sum of what a rewound run does: a ticket trains as a module that was created with its masks.
    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_rewound_run_trains_as_a_new_one_with_its_masks(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
        using var rewinder = new Rewinder(module, optimizer);
        var timeline = new PruningTimeline(new ExponentialSchedule(), begin: 0, end: Rounds * Steps, every: Steps, totalSteps: Rounds * Steps);
        var pruner = new Pruner(module, optimizer, PruningPlan.Of(module.Model, new LayerPruning(new MagnitudeCriterion(), timeline)), Rounds * Steps);
        for (var step = 0; step < Rounds * Steps; step++)
        {
            Step(module, optimizer, step % Steps);
            pruner.Step();
            if (pruner.Updated)
            {
                rewinder.Rewind(pruner);
            }
        }

        bool[][] masks = [.. module.Layers.Select(layer => layer.ReadMask())];
        Assert.True(pruner.Sparsity > 0.4);
        using var fresh = SparseModule.For<ManyPatterns>(mode, seed: 1, masks);
        using var own = new SparseAdam(fresh.parameters(), lr: 0.01);
        Assert.All(fresh.Layers, (layer, l) => Assert.Equal(layer.ReadWeights(), module.Layers[l].ReadWeights()));
        for (var step = 0; step < Steps; step++)
        {
            Step(module, optimizer, step);
            Step(fresh, own, step);
        }

        // A fresh module packs thoroughly, and so may sum in another order.
        Assert.All(fresh.Layers, (layer, l) => Assert.Equal(layer.ReadWeights(), module.Layers[l].ReadWeights(), (a, b) => mode == TrainingMode.Exact ? a == b : MathF.Abs(a - b) < 1e-4f));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_run_rewinds_to_a_later_step_with_the_optimiser_of_then(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
        Step(module, optimizer, 0);
        var before = module.Layers.Select(layer => layer.ReadWeights()).ToArray();
        var bias = Values.Of(module.Layers[0].Bias!);
        var memory = Memory();
        using var rewinder = new Rewinder(module, optimizer);
        Step(module, optimizer, 1);
        optimizer.ParamGroups.First().LearningRate = 5;
        ModulePruner.PruneInRounds(module, new MagnitudeCriterion(), optimizer: optimizer);

        rewinder.Rewind();

        Assert.Equal(0.01, optimizer.ParamGroups.First().LearningRate);
        Assert.Equal(bias, Values.Of(module.Layers[0].Bias!));
        foreach (var (l, layer) in module.Layers.Index())
        {
            var mask = layer.ReadMask();
            Assert.Equal(before[l].Select((value, i) => mask[i] ? value : 0), layer.ReadWeights());
            Assert.All(memory[l].Zip(Memory()[l]), pair => Assert.Equal(pair.First.Select((value, i) => mask[i] ? value : 0), pair.Second));
        }

        float[][][] Memory()
        {
            var states = new OptimizerMemory(module, optimizer);
            return [.. module.Layers.Select((layer, l) => states.Of(l).Select(tensor => layer is SparseLinear sparse ? sparse.ToDense(Values.Of(tensor)) : Values.Of(tensor)).ToArray())];
        }
    }

    [Fact]
    public void Thresholds_are_rewound_with_their_weights()
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        module.Reparametrise(layer => layer.Layer.Pattern is UnstructuredPattern ? new SoftThreshold(layer, initial: -3, decay: 1) : null);
        using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
        using var rewinder = new Rewinder(module, optimizer);
        var s = ((SoftThreshold)module.Masked(0).Reparametrisation!).S;
        Step(module, optimizer, 0);
        Assert.NotEqual(-3, s.item<float>());

        rewinder.Rewind();

        Assert.Equal(-3, s.item<float>());
    }

    [Fact]
    public void An_optimiser_out_of_reach_is_named()
    {
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.LBFGS(module.parameters());

        Assert.Contains("LBFGS", Assert.Throws<ArgumentException>(() => new Rewinder(module, optimizer)).Message, StringComparison.Ordinal);
    }

    private static void Step(SparseModule module, optim.Optimizer optimizer, int seed)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var input = Values.AsTensor(Values.Random(seed, 16 * 20), 16, 20);
        nn.functional.mse_loss(module.call(input), input.narrow(1, 0, 5).sin()).backward();
        optimizer.step();
    }
}
