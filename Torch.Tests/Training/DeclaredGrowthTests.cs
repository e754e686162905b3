using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Masks that change as [Grow] declares for a model and its layers, in both modes.</summary>
public sealed class DeclaredGrowthTests
{
    private const int Steps = 16;

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_layers_own_growth_takes_the_place_of_the_models(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<MostlyRigL>(mode, seed: 1, RandomMasks.Create(MostlyRigL.Descriptor, seed: 2));
        using var optimizer = new SparseSGD(module.parameters(), 0.1);
        var rewirer = new Rewirer(module, optimizer, Steps, seed: 3);
        Assert.Equal(rewirer.Rewirings[0], rewirer.Rewirings[2]);
        Assert.Null(rewirer.Rewirings[3]);
        var task = new Regression(seed: 4);
        for (var step = 1; step <= Steps; step++)
        {
            task.Step(module, optimizer);
            var before = Masks(module);
            rewirer.Step();
            var after = Masks(module);

            // RigL: every 4 steps until three quarters of the run, by a cosine. SET: every 3 to the end, the share stays.
            var share = 0.4 * (1 + Math.Cos(Math.PI * step / 12)) / 2;
            Assert.Equal(step is 4 or 8 ? Share(before[0], share) : 0, Replaced(before[0], after[0]));
            Assert.Equal(step % 3 == 0 ? Share(before[1], 0.25) : 0, Replaced(before[1], after[1]));
            Assert.Equal(step is 4 or 8, Replaced(before[2], after[2]) > 0);
            Assert.Equal(before[3], after[3]);
            Assert.Equal(step is 4 or 8 || step % 3 == 0, rewirer.Updated);
            Assert.Equal(before.Select(mask => mask.Count(x => x)), after.Select(mask => mask.Count(x => x)));
            Assert.Null(MostlyRigL.Descriptor.Layers[2].FindViolation(after[2]));
        }

        module.CopyTo(new MostlyRigL());
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Layers_that_grow_alike_exchange_weights_as_the_same_rewiring_in_code_does(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(MostlySnfs.Descriptor, seed: 2);
        var declared = Run((module, optimizer) => new Rewirer(module, optimizer, Steps, seed: 3));
        var composed = Run((module, optimizer) => new Rewirer(module, optimizer, Rewiring.Snfs(share: 0.5, every: 3), Steps, seed: 3));

        long[] counts = [.. declared.Layers.Select(layer => layer.ActiveCount)];
        Assert.NotEqual(masks[0].LongCount(x => x), counts[0]);
        Assert.Equal(masks[1].LongCount(x => x), counts[1]);
        Assert.Equal(masks[0].LongCount(x => x) + masks[2].LongCount(x => x), counts[0] + counts[2]);
        Assert.NotEqual(masks[1], declared.Layers[1].ReadMask());
        // Until the N:M layer, which grows by a rule of its own, has made them differ.
        Assert.Equal(composed.Layers[0].ActiveCount, counts[0]);
        Assert.Equal(composed.Layers[0].ReadMask(), declared.Layers[0].ReadMask());
        Assert.NotEqual(composed.Layers[1].ReadMask(), declared.Layers[1].ReadMask());
        declared.CopyTo(new MostlySnfs());

        SparseModule Run(Func<SparseModule, optim.Optimizer, Rewirer> create)
        {
            var module = SparseModule.For<MostlySnfs>(mode, seed: 1, masks, room: 2);
            using var optimizer = new SparseSGD(module.parameters(), 0.1);
            var rewirer = create(module, optimizer);
            var task = new Regression(seed: 4);
            for (var step = 1; step <= 3; step++)
            {
                task.Step(module, optimizer);
                rewirer.Step();
            }

            Assert.True(rewirer.Updated);
            return module;
        }
    }

    [Fact]
    public void A_layer_without_growth_keeps_its_mask()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(OneGrows.Descriptor, seed: 2);
        var module = SparseModule.For<OneGrows>(TrainingMode.Sparse, seed: 1, masks);
        using var optimizer = new SparseSGD(module.parameters(), 0.1);
        var rewirer = new Rewirer(module, optimizer, Steps);
        var task = new Regression(seed: 4);
        for (var step = 1; step <= 2; step++)
        {
            task.Step(module, optimizer);
            rewirer.Step();
        }

        Assert.Null(rewirer.Rewirings[0]);
        Assert.Equal(masks[0], module.Layers[0].ReadMask());
        Assert.NotEqual(masks[1], module.Layers[1].ReadMask());
    }

    [Fact]
    public void A_model_that_declares_no_growth_says_so()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        var error = Assert.Throws<ArgumentException>(() => new Rewirer(module, optimizer, Steps));
        Assert.Contains("'ManyPatterns' declares no growth. Add [Grow(Growth.RigL)]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Rewirer(module, optimizer, null!, Steps));
    }

    [Fact]
    public void A_module_without_zeros_is_refused()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<MostlyRigL>(TrainingMode.Sparse, seed: 1);
        using var optimizer = new SparseSGD(module.parameters(), 0.1);

        Assert.Contains("RandomMasks", Assert.Throws<ArgumentException>(() => new Rewirer(module, optimizer, Steps)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_compute_with_a_function_of_their_weights_are_refused()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<MostlyRigL>(TrainingMode.Exact, seed: 1, RandomMasks.Create(MostlyRigL.Descriptor, seed: 2));
        module.Reparametrise(layer => layer.Layer.Name == "Fc2" ? new SoftThreshold(layer) : null);
        using var optimizer = optim.SGD(module.parameters(), 0.1);

        foreach (var use in new Action[]
        {
            () => _ = new Rewirer(module, optimizer, Steps),
            () => _ = new Alternator(module, optimizer, new Alternation(), Steps),
            () => ModulePruner.PruneInRounds(module, new MagnitudeCriterion()),
        })
        {
            var message = Assert.Throws<InvalidOperationException>(use).Message;
            Assert.Contains("'Fc2'", message, StringComparison.Ordinal);
            Assert.Contains("Commit", message, StringComparison.Ordinal);
        }
    }

    private static bool[][] Masks(SparseModule module) => [.. module.Layers.Select(layer => layer.ReadMask())];

    private static int Share(bool[] mask, double share) => (int)Math.Round(share * mask.Count(x => x), MidpointRounding.AwayFromZero);

    private static int Replaced(bool[] before, bool[] after) => before.Zip(after, (a, b) => a && !b).Count(x => x);
}
