using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Dense and sparse phases in turn, in both modes.</summary>
public sealed class AlternatorTests
{
    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Phases_follow_the_table_masks_the_magnitudes_and_momentum_is_forgotten(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        const int Steps = 40;
        // Sparse behind steps 8 to 11, 16 to 19, and from 34 on.
        var alternation = new Alternation(WarmUp: 0.2, Phase: 0.1, LastDense: 0.3, LastSparse: 0.15);
        var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using optim.Optimizer optimizer = mode == TrainingMode.Exact ? optim.SGD(module.parameters(), 0.1, momentum: 0.9) : new SparseSGD(module.parameters(), 0.1, momentum: 0.9);
        var alternator = new Alternator(module, optimizer, alternation, Steps);
        var memory = new OptimizerMemory(module, optimizer);
        var helper = (OptimizerHelper)optimizer;
        var bias = (SGD.State)helper.state_dict().State[helper.parameters().Select(parameter => parameter.Handle).ToList().IndexOf(module.Layers[0].Bias!.Handle)];
        var task = new Regression(seed: 2);
        var dense = module.Layers.Select(layer => layer.Layer.WeightCount).ToArray();
        var sparse = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1).Select(mask => mask.LongCount(x => x)).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            task.Step(module, optimizer);
            var weights = module.Layers[0].ReadWeights();
            alternator.Step();
            var isSparse = step is (>= 8 and < 12) or (>= 16 and < 20) or >= 34;
            Assert.True(isSparse == alternator.IsSparse, $"After step {step}.");
            Assert.Equal(step is 8 or 12 or 16 or 20 or 34, alternator.Updated);
            Assert.Equal(isSparse ? sparse[..2] : dense[..2], module.Layers.Take(2).Select(layer => layer.ActiveCount));
            Assert.Equal(isSparse, module.Layers[2].ActiveCount < dense[2]);
            if (step is 8 or 34)
            {
                var kept = weights.Index().OrderByDescending(x => Math.Abs(x.Item)).Take((int)sparse[0]).Select(x => x.Index).ToHashSet();
                Assert.Equal(Enumerable.Range(0, weights.Length).Select(kept.Contains), module.Layers[0].ReadMask());
            }

            var remembers = Enumerable.Range(0, dense.Length).SelectMany(i => memory.Of(i)).Any(tensor => Values.Of(tensor).Any(x => x != 0));
            Assert.Equal(step is not (12 or 20), remembers);
            Assert.Equal(step is not (12 or 20), Values.Of(bias.momentum_buffer).Any(x => x != 0));
        }

        var model = new ManyPatterns();
        module.CopyTo(model);
        var input = Values.Random(3, 7 * 20);
        var output = new float[7 * 5];
        model.Forward(input, output, 7);
        Assert.All(Values.Of(module.call(Values.AsTensor(input, 7, 20))).Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void What_cannot_alternate_says_so()
    {
        using var scope = NewDisposeScope();
        var small = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 1, RandomMasks.Create(ManyPatterns.Descriptor, seed: 1));
        var error = Assert.Throws<ArgumentException>(() => new Alternator(small, new SparseSGD(small.parameters(), 0.1), new Alternation(), 100));
        Assert.Contains("'Fc1' has room for 222 of its 740 weights", error.Message, StringComparison.Ordinal);

        var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        Assert.Throws<ArgumentException>(() => new Alternator(module, optimizer, new Alternation(), 10));
        var alternator = new Alternator(module, optimizer, new Alternation(0, 0.5, 0, 0.5), 4);
        Assert.True(alternator.IsSparse && alternator.Updated);
        alternator.Step();
        alternator.Step();
        Assert.True(alternator.IsSparse);
        Assert.False(alternator.Updated);
    }
}
