using KernelGen.Pruning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Training;

/// <summary>Masks that change while a module trains, in both modes.</summary>
public sealed class RewirerTests
{
    public static TheoryData<TrainingMode, string> Cases
        => [.. from mode in Enum.GetValues<TrainingMode>() from growth in new[] { "RigL", "SET", "SNFS" } select (mode, growth)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Patterns_and_counts_stay_and_memory_follows_its_weight(TrainingMode mode, string growth)
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(mode, seed: 2, masks);
        using optim.Optimizer optimizer = mode == TrainingMode.Exact ? optim.Adam(module.parameters()) : new SparseAdam(module.parameters());
        var rewirer = new Rewirer(module, optimizer, TrainingRun.Rewiring(growth) with { Every = 5 }, totalSteps: 100, seed: 3);
        var memory = new OptimizerMemory(module, optimizer);
        var task = new Regression(seed: 4);
        for (var step = 1; step <= 12; step++)
        {
            task.Step(module, optimizer);
            var before = State(module, memory);
            rewirer.Step();
            Assert.Equal(step % 5 == 0, rewirer.Updated);
            var after = State(module, memory);
            for (var i = 0; i < before.Count; i++)
            {
                Check(module.Layers[i].Layer, before[i], after[i], rewirer.Updated, $"{mode}, {growth}, step {step}, layer {i}");
            }
        }

        Assert.NotEqual(masks[0], module.Layers[0].ReadMask());
        module.CopyTo(new ManyPatterns());

        static void Check(LayerDescriptor layer, (bool[] Mask, float[][] Numbers) before, (bool[] Mask, float[][] Numbers) after, bool updated, string context)
        {
            Assert.Null(layer.FindViolation(after.Mask));
            // Cut blocks hold fewer weights.
            var cut = layer.Pattern is BlockPattern && layer.OutFeatures % 16 != 0;
            Assert.True(cut || before.Mask.Count(x => x) == after.Mask.Count(x => x), context);
            var replaced = before.Mask.Zip(after.Mask, (a, b) => a && !b).Count(x => x);
            Assert.True(updated && layer.Pattern is not DensePattern ? replaced > 0 : replaced == 0, $"{context}: {replaced} replaced");
            for (var k = 0; k < after.Mask.Length; k++)
            {
                for (var n = 0; n < after.Numbers.Length; n++)
                {
                    var expected = after.Mask[k] && before.Mask[k] ? before.Numbers[n][k] : 0;
                    Assert.True(expected == after.Numbers[n][k], $"{context}: number {n} of weight {k} is {after.Numbers[n][k]}, not {expected}.");
                }
            }
        }
    }

    [Fact]
    public void RigL_grows_where_the_dense_gradient_is_largest_and_prunes_the_smallest()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 5);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 6, masks);
        var exact = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 6, masks);
        // No step moves the weights: both modes see the same gradient.
        using var optimizer = new SparseSGD(module.parameters(), 0);
        var rewirer = new Rewirer(module, optimizer, Rewiring.RigL(share: 0.2, every: 1) with { Decay = null }, totalSteps: 100, seed: 3);
        var input = Values.AsTensor(Values.Random(7, 40 * 20), 40, 20);
        var active = exact.Layers[0].Weight;
        var gradient = DenseGradient(exact, input);
        module.call(input).square().mean().backward();
        optimizer.step();
        rewirer.Step();

        var (before, after) = (masks[0], module.Layers[0].ReadMask());
        var weights = Values.Of(active);
        var count = (int)Math.Round(0.2 * before.Count(x => x), MidpointRounding.AwayFromZero);
        var pruned = Enumerable.Range(0, before.Length).Where(i => before[i]).OrderBy(i => Math.Abs(weights[i])).Take(count).ToHashSet();
        var grown = Enumerable.Range(0, before.Length).Where(i => !before[i]).OrderByDescending(i => Math.Abs(gradient[i])).Take(count).ToHashSet();
        Assert.Equal(Enumerable.Range(0, before.Length).Select(i => grown.Contains(i) || (before[i] && !pruned.Contains(i))), after);

        // Dense and by hand: of the first layer alone.
        static float[] DenseGradient(SparseModule exact, Tensor input)
        {
            var first = exact.Masked(0);
            var weights = where(first.Mask!, first.Weight, zeros([])).detach().requires_grad_();
            var x = nn.functional.linear(input, weights, first.Bias).relu();
            for (var i = 1; i < exact.Layers.Count; i++)
            {
                x = exact.Layers[i].call(x);
            }

            x.square().mean().backward();
            return Values.Of(weights.grad!);
        }
    }

    [Fact]
    public void RigL_grows_at_the_same_places_where_the_gradients_have_gradients()
    {
        var results = new[] { false, true }.Select(createGraph =>
        {
            using var scope = NewDisposeScope();
            var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 6, RandomMasks.Create(ManyPatterns.Descriptor, seed: 5));
            using var optimizer = new SparseSGD(module.parameters(), 0.1);
            var rewirer = new Rewirer(module, optimizer, Rewiring.RigL(every: 1), totalSteps: 100, seed: 3);
            module.call(Values.AsTensor(Values.Random(7, 40 * 20), 40, 20)).square().mean().backward(create_graph: createGraph);
            var bias = Values.Of(module.Layers[0].Bias!.grad!);
            optimizer.step();
            rewirer.Step();
            return (Masks: module.Layers.Select(layer => layer.ReadMask()).ToArray(), Bias: bias);
        }).ToArray();
        Assert.Equal(results[0].Masks, results[1].Masks);
        Assert.All(results[0].Bias.Zip(results[1].Bias), pair => Assert.Equal(pair.First, pair.Second, 1e-7f));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void SNFS_grows_by_the_mean_gradient_of_the_steps_and_moves_weights_between_layers(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyActivations.Descriptor, seed: 5);
        var module = SparseModule.For<ManyActivations>(mode, seed: 6, masks, room: 2);
        var exact = SparseModule.For<ManyActivations>(TrainingMode.Exact, seed: 6, masks);
        using var optimizer = new SparseSGD(module.parameters(), 0);
        var rewirer = new Rewirer(module, optimizer, Rewiring.Snfs(share: 0.2, every: 3) with { Decay = null }, totalSteps: 100);
        var means = exact.Layers.Select(layer => new double[layer.Layer.WeightCount]).ToArray();
        for (var step = 1; step <= 3; step++)
        {
            // Steps that differ: the last alone would grow others.
            var input = Values.AsTensor(Values.Random(step, 40 * 20), 40, 20);
            var loss = Values.AsTensor(Values.Random(step + 10, 40 * 5, step == 2 ? 3 : 1), 40, 5);
            optimizer.zero_grad();
            (module.call(input) * loss).sum().backward();
            optimizer.step();
            rewirer.Step();
            foreach (var (i, gradient) in DenseGradients(exact, input, loss).Index())
            {
                means[i] = [.. means[i].Zip(gradient, (mean, g) => (0.9 * mean) + (0.1 * g))];
            }
        }

        // Unstructured: 1, 3 and 4. What they lose together grows in proportion to the mean of the active ones; N:M keeps its count.
        int[] free = [0, 2, 3];
        var weights = exact.Layers.Select(layer => Values.Of(layer.Weight)).ToArray();
        var removed = free.Select(i => (long)Math.Round(0.2 * masks[i].Count(x => x), MidpointRounding.AwayFromZero)).ToArray();
        var sizes = free.Select(i => masks[i].Zip(means[i], (active, mean) => (active, Math.Abs(mean))).Where(x => x.active).Average(x => x.Item2)).ToArray();
        var counts = Redistribution.Grown(sizes, [.. free.Select((i, k) => new Redistribution.LayerChange(masks[i].Count(x => x), removed[k], masks[i].Length, Math.Min(masks[i].Length, 2 * masks[i].Count(x => x))))]);
        Assert.NotEqual(removed, counts);
        Assert.Equal(removed.Sum(), counts.Sum());
        foreach (var (k, i) in free.Index())
        {
            var places = Enumerable.Range(0, masks[i].Length).ToArray();
            var gone = places.Where(j => masks[i][j]).OrderBy(j => Math.Abs(weights[i][j])).Take((int)removed[k]).ToHashSet();
            var grown = places.Where(j => !masks[i][j]).OrderByDescending(j => Math.Abs(means[i][j])).Take((int)counts[k]).ToHashSet();
            Assert.Equal(places.Where(j => grown.Contains(j) || (masks[i][j] && !gone.Contains(j))), places.Where(j => module.Layers[i].ReadMask()[j]));
        }

        Assert.Equal(masks[1].Count(x => x), module.Layers[1].ReadMask().Count(x => x));
        Assert.NotEqual(masks[1], module.Layers[1].ReadMask());
        module.CopyTo(new ManyActivations());
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_step_of_SNFS_that_fails_and_is_repeated_counts_once(TrainingMode mode)
    {
        var (masks, means) = Run(fails: false);
        var (masksAfterError, meansAfterError) = Run(fails: true);
        Assert.Equal(masks, masksAfterError);
        Assert.Equal(means, meansAfterError);

        (bool[][] Masks, float[][] Means) Run(bool fails)
        {
            using var scope = NewDisposeScope();
            var module = SparseModule.For<ManyActivations>(mode, seed: 6, RandomMasks.Create(ManyActivations.Descriptor, seed: 5), room: 2);
            using var optimizer = new SparseSGD(module.parameters(), 0);
            var rewirer = new Rewirer(module, optimizer, Rewiring.Snfs(share: 0.2, every: 2), totalSteps: 100);
            for (var step = 1; step <= 4; step++)
            {
                optimizer.zero_grad();
                module.call(Values.AsTensor(Values.Random(step, 40 * 20), 40, 20)).square().sum().backward();
                optimizer.step();
                if (fails && step == 4)
                {
                    // The last layer that has masks: all others have theirs by then.
                    var weights = module.Layers[3].ReadWeights();
                    module.Layers[3].WriteWeights([.. weights.Select(weight => weight == 0 ? 0 : float.NaN)]);
                    Assert.Contains("no mask was changed", Assert.Throws<ArgumentException>(rewirer.Step).Message, StringComparison.Ordinal);
                    Assert.Equal(3, rewirer.CompletedSteps);
                    module.Layers[3].WriteWeights(weights);
                }

                rewirer.Step();
            }

            return ([.. module.Layers.Select(layer => layer.ReadMask())], [.. module.Layers.Take(4).Select(layer => layer.GradientMean!)]);
        }
    }

    [Fact]
    public void Without_room_layers_exchange_nothing_and_momentum_needs_every_step()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyActivations.Descriptor, seed: 5);
        var module = SparseModule.For<ManyActivations>(TrainingMode.Sparse, seed: 6, masks);
        using var optimizer = new SparseSGD(module.parameters(), 0);
        var rewirer = new Rewirer(module, optimizer, Rewiring.Snfs(every: 2), totalSteps: 100);
        Assert.Contains("no backward pass", Assert.Throws<InvalidOperationException>(rewirer.Step).Message, StringComparison.Ordinal);
        for (var step = 0; step < 2; step++)
        {
            module.call(ones(3, 20)).square().mean().backward();
            optimizer.step();
            rewirer.Step();
        }

        Assert.True(rewirer.Updated);
        Assert.Equal(masks.Select(mask => mask.LongCount(x => x)), module.Layers.Select(layer => layer.ActiveCount));
        Assert.Throws<ArgumentException>(() => new Rewirer(module, optimizer, Rewiring.Set() with { Redistributes = true }, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseModule.For<ManyActivations>(TrainingMode.Sparse, room: 0.5));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Step_sizes_of_Rprop_follow_their_weights_and_are_new_for_new_ones(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(mode, seed: 2, RandomMasks.Create(ManyPatterns.Descriptor, seed: 1));
        using var optimizer = optim.Rprop(module.parameters(), lr: 0.003);
        var rewirer = new Rewirer(module, optimizer, Rewiring.Set(every: 2), totalSteps: 100, seed: 3);
        var states = optimizer.state_dict().State;
        var index = optimizer.parameters().Select(parameter => parameter.Handle).ToList().IndexOf(module.Layers[0].Weight.Handle);
        var task = new Regression(seed: 4);
        for (var step = 1; step <= 8; step++)
        {
            task.Step(module, optimizer);
            var before = Rates();
            rewirer.Step();
            var after = Rates();
            Assert.Equal(step % 2 == 0, after.Keys.Except(before.Keys).Any());
            Assert.All(after, pair => Assert.Equal(before.GetValueOrDefault(pair.Key, 0.003f), pair.Value));
        }

        // By place, of active weights.
        Dictionary<long, float> Rates()
        {
            var rates = Values.Of(((Rprop.State)states[index]).step_size);
            return module.Layers[0].ReadActive().Places().Index().ToDictionary(x => x.Item, x => rates[mode == TrainingMode.Exact ? x.Item : x.Index]);
        }
    }

    [Fact]
    public void Growth_is_an_interface_of_a_few_lines()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
        using var optimizer = new SparseSGD(module.parameters(), 0.1);
        var rewirer = new Rewirer(module, optimizer, new Rewiring(new FirstInput(), Share: 0.1, Every: 1), totalSteps: 100);
        new Regression(seed: 4).Step(module, optimizer);
        rewirer.Step();

        var grown = module.Layers[0].ReadMask().Zip(masks[0], (now, then) => now && !then).Index().Where(x => x.Item).Select(x => x.Index % 20);
        Assert.True(grown.Any());
        Assert.All(grown, column => Assert.True(column < 4));
    }

    [Fact]
    public void A_step_without_a_backward_pass_says_so_where_growth_needs_one()
    {
        using var scope = NewDisposeScope();
        foreach (var mode in Enum.GetValues<TrainingMode>())
        {
            var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
            var module = SparseModule.For<ManyPatterns>(mode, seed: 2, masks);
            var rewirer = new Rewirer(module, optim.SGD(module.parameters(), 0.1), Rewiring.RigL(every: 1), totalSteps: 100);
            Assert.Contains("'Fc1'", Assert.Throws<InvalidOperationException>(rewirer.Step).Message, StringComparison.Ordinal);
            Assert.Equal(masks[0], module.Layers[0].ReadMask());
            Assert.Equal(0, rewirer.CompletedSteps);
        }
    }

    [Fact]
    public void A_diverged_run_is_reported_and_leaves_the_masks()
    {
        using var scope = NewDisposeScope();
        var masks = RandomMasks.Create(ManyPatterns.Descriptor, seed: 1);
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Sparse, seed: 2, masks);
        var optimizer = new SparseAdam(module.parameters());
        var rewirer = new Rewirer(module, optimizer, Rewiring.Set(every: 1), totalSteps: 100);
        nn.functional.mse_loss(module.call(rand(8, module.Model.InFeatures)), rand(8, module.Model.OutFeatures)).backward();
        optimizer.step();
        TensorData.Span(module.Layers[1].Weight)[3] = float.NaN;
        var before = State(module, new OptimizerMemory(module, optimizer));
        Assert.Contains("Fc2", Assert.Throws<ArgumentException>(rewirer.Step).Message, StringComparison.Ordinal);
        Assert.Equal(masks[0], module.Layers[0].ReadMask());
        foreach (var (then, now) in before.Zip(State(module, new OptimizerMemory(module, optimizer))))
        {
            Assert.Equal(then.Mask, now.Mask);
            Assert.Equal(then.Numbers, now.Numbers);
        }
    }

    // Of all layers, dense and by hand.
    private static float[][] DenseGradients(SparseModule exact, Tensor input, Tensor loss)
    {
        var weights = exact.Layers.Cast<MaskedLinear>()
            .Select(layer => (layer.Mask is { } mask ? where(mask, layer.Weight, zeros([])) : layer.Weight).detach().requires_grad_()).ToArray();
        var x = input;
        for (var i = 0; i < weights.Length; i++)
        {
            x = Activations.Apply(exact.Layers[i].Layer, nn.functional.linear(x, weights[i], exact.Layers[i].Bias));
        }

        (x * loss).sum().backward();
        return [.. weights.Select(weight => Values.Of(weight.grad!))];
    }

    private static List<(bool[] Mask, float[][] Numbers)> State(SparseModule module, OptimizerMemory memory)
        => [.. module.Layers.Select((layer, i) => (layer.ReadMask(), Numbers(layer, memory.Of(i))))];

    // By place in the dense matrix, whatever the mode.
    private static float[][] Numbers(TrainedLayer layer, IEnumerable<Tensor> memory)
    {
        var mask = layer.ReadActive();
        return [.. memory.Prepend(layer.Weight).Select(tensor =>
        {
            var numbers = Values.Of(tensor);
            if (layer is MaskedLinear)
            {
                return numbers;
            }

            var dense = new float[layer.Layer.WeightCount];
            foreach (var (i, place) in mask.Places().Index())
            {
                dense[place] = numbers[i];
            }

            return dense;
        })];
    }

    /// <summary>Grows weights of the first inputs.</summary>
    private sealed class FirstInput : IGrowth
    {
        public void Score(GrowthInput input, Span<float> scores)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = -(i % input.Layer.InFeatures);
            }
        }
    }
}
