using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>AC/DC, Top-KAST and SR-STE as [Grow] declares them, and who follows what.</summary>
public sealed class DeclaredMethodsTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Layers_alternate_by_the_declared_budget(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<Alternating>(mode, seed: 1);
        using var optimizer = new SparseSGD(module.parameters(), 0.1, momentum: 0.9);
        var alternator = new Alternator(module, optimizer, Steps);
        Assert.Equal(new Alternation(), alternator.Alternation);
        var counts = Counts(RandomMasks.Create(Alternating.Descriptor, seed: 2));
        var all = Alternating.Descriptor.Layers.Select(layer => layer.WeightCount).ToArray();
        var task = new Regression(seed: 3);
        for (var step = 1; step <= Steps; step++)
        {
            task.Step(module, optimizer);
            var weights = module.Layers[0].ReadWeights();
            alternator.Step();

            // The first 10% dense, then 5% each, dense from 75% to 85%.
            var isSparse = step >= 34 || (step is >= 4 and < 30 && (step - 4) / 2 % 2 == 0);
            Assert.Equal(isSparse ? counts : all, Counts(Masks(module)));
            if (step == 34)
            {
                Assert.Equal(Largest(weights, counts[0]), module.Layers[0].ReadMask());
            }
        }

        // By ERK 30% of the two layers whose number of weights is open.
        Assert.Equal((long)Math.Round(0.3 * (all[0] + all[2])), counts[0] + counts[2], 8.0);
        Assert.Equal(all[1] / 2, counts[1]);
        module.CopyTo(new Alternating());
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_layer_alternates_beside_one_that_keeps_its_mask(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(OneAlternates.Descriptor, seed: 2);
        var module = SparseModule.For<OneAlternates>(mode, seed: 1, [masks[0], [.. masks[1].Select(_ => true)]]);
        using var optimizer = new SparseSGD(module.parameters(), 0.1);
        var alternator = new Alternator(module, optimizer, Steps);
        var task = new Regression(seed: 3);
        for (var step = 1; step <= Steps; step++)
        {
            task.Step(module, optimizer);
            alternator.Step();
            Assert.Equal(masks[0], module.Layers[0].ReadMask());
            Assert.Equal(alternator.IsSparse ? 32 : 80, module.Layers[1].ActiveCount);
        }

        Assert.True(alternator.IsSparse);
        module.CopyTo(new OneAlternates());
    }

    [Fact]
    public void Layers_compute_as_declared_with_the_density_of_the_budget()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<MostlyTopKast>(seed: 1);
        module.ReparametriseAsDeclared();
        var counts = Counts(RandomMasks.Create(MostlyTopKast.Descriptor, seed: 2));
        var layers = module.Layers.Cast<MaskedLinear>().ToArray();
        var first = Assert.IsType<TopKast>(layers[0].Reparametrisation);
        Assert.Equal((double)counts[0] / layers[0].Layer.WeightCount, first.Density, 1e-12);
        Assert.Equal(Math.Min(1, 3 * first.Density), first.BackwardDensity, 1e-12);
        Assert.IsType<StraightThroughNM>(layers[1].Reparametrisation);
        Assert.IsType<TopKast>(layers[2].Reparametrisation);
        Assert.Null(layers[3].Reparametrisation);

        var model = new MostlyTopKast();
        Train(module, model);

        Assert.Equal(counts, Counts(Masks(module)));
        Assert.All(layers.Take(3), layer => Assert.Null(layer.Layer.FindViolation(layer.ReadMask())));
    }

    [Fact]
    public void Layers_that_a_method_passes_over_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<MostlySRSte>(seed: 1);
        module.ReparametriseAsDeclared();
        var layers = module.Layers.Cast<MaskedLinear>().ToArray();
        Assert.Null(layers[0].Reparametrisation);
        var last = Assert.IsType<TopKast>(layers[2].Reparametrisation);
        Assert.Equal(0.2, last.Density, 1e-12);
        Assert.Equal(0.6, last.BackwardDensity, 1e-12);

        Train(module, new MostlySRSte());

        Assert.Equal([20 * 36, 36 * 32 / 4, 32 * 5 / 5], Counts(Masks(module)));
        Assert.Equal(Largest(layers[2].ReadWeights(), 32), layers[2].ReadMask());
    }

    [Theory]
    [InlineData("Rewirer", "RigL")]
    [InlineData("Alternator", "AcDc")]
    [InlineData("ReparametriseAsDeclared", "TopKast")]
    public void What_another_call_follows_is_refused(string follower, string own)
    {
        using var scope = NewDisposeScope();
        foreach (var (growth, call) in new[]
        {
            (Growth.Set, "new Rewirer(module, optimizer, totalSteps)"),
            (Growth.AcDc, "new Alternator(module, optimizer, totalSteps)"),
            (Growth.TopKast, "module.ReparametriseAsDeclared()"),
            (Growth.SRSte, "module.ReparametriseAsDeclared()"),
        })
        {
            // Declared for a layer beside one that is followed, which the build refuses, and for the class.
            var layer = growth == Growth.SRSte ? 1 : 2;
            foreach (var model in new[]
            {
                Declare(Enum.Parse<Growth>(own), layer, growth),
                ManyPatterns.Descriptor with { Grow = new GrowSettings(growth) },
            })
            {
                using var module = new SparseModule(model, seed: 1);
                if (call.Contains(follower, StringComparison.Ordinal))
                {
                    Follow(follower, module);
                    continue;
                }

                var message = Assert.Throws<ArgumentException>(() => Follow(follower, module)).Message;
                var name = model.Grow!.Growth == growth && growth != Growth.SRSte ? "Fc1" : model.Layers[layer].Name;
                Assert.Contains($"Layer '{name}' of model 'ManyPatterns' declares Growth.{growth}, which {call} follows, and not", message, StringComparison.Ordinal);
                Assert.All(module.Layers.Cast<MaskedLinear>(), own => Assert.Null(own.Reparametrisation));
                Assert.All(module.Layers, own => Assert.Equal(own.Layer.WeightCount, own.ActiveCount));
            }
        }
    }

    [Theory]
    [InlineData("Alternator", "Add [Grow(Growth.AcDc)]")]
    [InlineData("ReparametriseAsDeclared", "Add [Grow(Growth.TopKast)]")]
    public void A_model_that_declares_no_growth_says_so(string follower, string remedy)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(seed: 1);
        var message = Assert.Throws<ArgumentException>(() => Follow(follower, module)).Message;
        Assert.Contains($"Model 'ManyPatterns' declares no growth. {remedy}", message, StringComparison.Ordinal);

        // The build warns of it.
        var unfit = new SparseModule(OneAlternates.Descriptor with { Layers = [ManyPatterns.Descriptor.Layers[0]], Grow = new GrowSettings(Growth.SRSte) }, seed: 1);
        message = Assert.Throws<ArgumentException>(() => Follow(follower, unfit)).Message;
        Assert.Contains($"Model 'OneAlternates' declares Growth.SRSte, and has no layer of a pattern that takes it. {remedy}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Growth.AcDc)]
    [InlineData(Growth.TopKast)]
    [InlineData(Growth.SRSte)]
    public void A_method_that_replaces_no_weights_is_no_rewiring(Growth growth) => Assert.Contains(
        $"Growth.{growth} doesn't replace weights", Assert.Throws<ArgumentException>(() => Rewiring.From(new GrowSettings(growth))).Message, StringComparison.Ordinal);

    [Fact]
    public void Budgets_that_give_no_density_are_refused()
    {
        using var scope = NewDisposeScope();
        var prune = MostlyTopKast.Descriptor.Prune!;
        foreach (var (settings, reason) in new[]
        {
            (prune with { Budget = Budget.Global }, "Budget.Global leaves open how many weights a layer keeps"),
            (prune with { MinimumPerOutput = 1 }, "can't keep a MinimumPerOutput"),
        })
        {
            using var module = new SparseModule(MostlyTopKast.Descriptor with { Prune = settings }, seed: 1);
            var message = Assert.Throws<ArgumentException>(module.ReparametriseAsDeclared).Message;
            Assert.Contains($"Layer 'Fc1' of model 'MostlyTopKast' declares Growth.TopKast, and", message, StringComparison.Ordinal);
            Assert.Contains(reason, message, StringComparison.Ordinal);
        }

        using var least = new SparseModule(MostlyTopKast.Descriptor with { Prune = prune with { Budget = Budget.ByHand, MinimumPerLayer = 40 } }, seed: 1);
        least.ReparametriseAsDeclared();
        Assert.All(least.Layers.Where(layer => layer.HasPattern), layer => Assert.True(layer.ActiveCount >= 40));

        using var sparse = SparseModule.For<MostlyTopKast>(TrainingMode.Sparse, seed: 1);
        Assert.Contains("TrainingMode.Exact", Assert.Throws<InvalidOperationException>(sparse.ReparametriseAsDeclared).Message, StringComparison.Ordinal);
    }

    private static ModelDescriptor Declare(Growth ofModel, int layer, Growth own) => ManyPatterns.Descriptor with
    {
        Layers = [.. ManyPatterns.Descriptor.Layers.Select((each, i) => i == layer ? each with { Grow = new GrowSettings(own) } : each)],
        Grow = new GrowSettings(ofModel),
    };

    private static void Follow(string follower, SparseModule module)
    {
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        switch (follower)
        {
            case "Rewirer":
                // Every weight is active, of which only one that follows the declaration comes to speak.
                var none = Assert.Throws<ArgumentException>(() => new Rewirer(module, optimizer, Steps));
                if (!none.Message.Contains("can grow", StringComparison.Ordinal))
                {
                    throw none;
                }

                break;
            case "Alternator":
                _ = new Alternator(module, optimizer, Steps);
                break;
            default:
                module.ReparametriseAsDeclared();
                break;
        }
    }

    private static void Train(SparseModule module, ISparseModel model)
    {
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        var task = new Regression(seed: 3);
        var before = task.Loss(module);
        for (var step = 1; step <= Steps; step++)
        {
            task.Step(module, optimizer, module.Penalty);
        }

        Assert.True(task.Loss(module) < before);
        module.Commit();
        module.CopyTo(model);
    }

    private static bool[][] Masks(SparseModule module) => [.. module.Layers.Select(layer => layer.ReadMask())];

    private static long[] Counts(bool[][] masks) => [.. masks.Select(mask => mask.LongCount(x => x))];

    private static bool[] Largest(float[] weights, long count)
    {
        var kept = weights.Index().OrderByDescending(x => Math.Abs(x.Item)).Take((int)count).Select(x => x.Index).ToHashSet();
        return [.. Enumerable.Range(0, weights.Length).Select(kept.Contains)];
    }
}
