using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

/// <summary>What a pruner adds up over the steps of training.</summary>
public sealed class TrainingSumsTests
{
    private const int Steps = 12;

    public static TheoryData<string, TrainingMode> Cases
    {
        get
        {
            var cases = new TheoryData<string, TrainingMode>();
            foreach (var name in Optimizers.Names)
            {
                cases.Add(name, TrainingMode.Exact);
            }

            cases.Add("SparseSGD", TrainingMode.Sparse);
            cases.Add("SparseAdam", TrainingMode.Sparse);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_are_of_gradients_times_the_weights_at_which_they_were_taken(string name, TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using var optimizer = Create(name, module);
        var spy = new Spy();
        var pruner = new Pruner(module, optimizer, Plan(module, spy, every: 4), Steps);
        var sensitivity = module.Layers.Select(layer => new double[layer.Layer.WeightCount]).ToArray();
        var movement = module.Layers.Select(layer => new double[layer.Layer.WeightCount]).ToArray();

        for (var step = 1; step <= Steps; step++)
        {
            optimizer.zero_grad();
            Loss(module, step).backward();
            // Both dense, before the optimiser may touch either.
            var products = module.Layers.Select(layer => Gradient(layer).Zip(layer.ReadWeights(), (g, w) => (double)g * w).ToArray()).ToArray();
            optimizer.step();
            pruner.Step();
            for (var l = 0; l < products.Length; l++)
            {
                for (var i = 0; i < products[l].Length; i++)
                {
                    sensitivity[l][i] += Math.Abs(products[l][i]);
                    movement[l][i] -= products[l][i];
                }
            }

            if (pruner.Updated)
            {
                AssertSeen(step);
            }
        }

        Assert.Equal(3 * (module.Layers.Count - 1), spy.Seen.Count);

        void AssertSeen(int step)
        {
            foreach (var (l, layer) in module.Layers.Index().Where(layer => layer.Item.HasPattern))
            {
                var (mask, evidence) = spy.Seen[(layer.Layer.Name, step)] = spy.Last[layer.Layer.Name];
                AssertClose(sensitivity[l], evidence.Sensitivity, mask, $"{layer.Layer.Name}, step {step}: sensitivity");
                AssertClose(movement[l], evidence.Movement, mask, $"{layer.Layer.Name}, step {step}: movement");
            }
        }

        static float[] Gradient(TrainedLayer layer)
            => layer is SparseLinear sparse ? sparse.ToDense(Values.Of(layer.Weight.grad!)) : Values.Of(layer.Weight.grad!);
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void A_run_by_movement_that_stops_and_resumes_ends_with_the_same_bits(TrainingMode mode)
    {
        var path = Path.GetTempFileName();
        try
        {
            var expected = Train(0, Steps);
            foreach (var stop in new[] { 1, 4, 7, 11 })
            {
                Train(0, stop);
                Assert.Equal(expected, Train(stop, Steps));
            }
        }
        finally
        {
            File.Delete(path);
        }

        string Train(int from, int to)
        {
            using var scope = NewDisposeScope();
            using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
            using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
            Assert.Equal(from, from == 0 ? 0 : Checkpoint.Load(path, module, optimizer));
            var pruner = new Pruner(module, optimizer, Plan(module, new MovementCriterion(), every: 3), Steps, from);
            if (from > 0)
            {
                Checkpoint.LoadPruner(path, pruner);
            }

            for (var step = from + 1; step <= to; step++)
            {
                optimizer.zero_grad();
                Loss(module, step).backward();
                optimizer.step();
                pruner.Step();
            }

            Checkpoint.Save(path, module, optimizer, to, pruner);
            return string.Join('\n', module.parameters().Select(parameter => Convert.ToHexString(parameter.detach().contiguous().bytes)));
        }
    }

    [Fact]
    public void A_pruner_that_goes_on_without_its_sums_says_so_and_one_that_is_disposed_of_has_none()
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        Loss(module, 1).backward();
        using (var magnitude = new Pruner(module, optimizer, Plan(module, new MagnitudeCriterion(), every: 3), Steps, completedSteps: 4))
        {
            magnitude.Step();
        }

        using var movement = new Pruner(module, optimizer, Plan(module, new MovementCriterion(), every: 3), Steps, completedSteps: 4);
        var message = Assert.Throws<InvalidOperationException>(movement.Step).Message;
        Assert.All(["'Fc1'", "step 4", "LoadPruner", "ClearSums"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(4, movement.CompletedSteps);
        Assert.Contains("LoadPruner", Assert.Throws<InvalidOperationException>(() => Checkpoint.Save("never", module, optimizer, 4, movement)).Message, StringComparison.Ordinal);
        // Nobody asks for them any more.
        using var tuning = new Pruner(module, optimizer, Plan(module, new MovementCriterion(), every: 3), 2 * Steps, completedSteps: Steps);
        tuning.Step();
        movement.ClearSums();
        movement.Step();
        Assert.Equal(5, movement.CompletedSteps);

        var sums = movement.Sums.Of(0).ToArray();
        Assert.All(sums, tensor => Assert.False(tensor.IsInvalid));
        movement.Dispose();
        Assert.All(sums, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void A_step_whose_masks_failed_is_added_when_it_is_repeated()
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        using var pruner = new Pruner(module, optimizer, Plan(module, new MovementCriterion(), every: 3), Steps);
        foreach (var step in new[] { 1, 2 })
        {
            optimizer.zero_grad();
            Loss(module, step).backward();
            optimizer.step();
            pruner.Step();
        }

        module.Layers[0].Weight.grad!.fill_(float.NaN);
        Assert.Throws<ArgumentException>(pruner.Step);
        pruner.ClearSums();
        optimizer.zero_grad();
        Loss(module, 3).backward();
        var expected = Values.Of(module.Layers[0].Weight).Zip(Values.Of(module.Layers[0].Weight.grad!), (w, g) => -w * g).ToArray();
        optimizer.step();
        pruner.Step();

        Assert.Equal(3, pruner.CompletedSteps);
        var mask = module.Layers[0].ReadMask();
        var actual = Values.Of(pruner.Sums.Of(0).Last());
        Assert.Equal(expected.Where((_, i) => mask[i]), actual.Where((_, i) => mask[i]));
        Assert.Contains(actual, value => value != 0);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var scope = NewDisposeScope();
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        var path = Path.GetTempFileName();
        try
        {
            var magnitude = new Pruner(module, optimizer, Plan(module, new MagnitudeCriterion(), every: 3), Steps);
            var movement = new Pruner(module, optimizer, Plan(module, new MovementCriterion(), every: 3), Steps);
            Checkpoint.Save(path, module, optimizer, 0);
            Assert.Contains("without a pruner", Assert.Throws<InvalidDataException>(() => Checkpoint.LoadPruner(path, movement)).Message, StringComparison.Ordinal);
            Checkpoint.Save(path, module, optimizer, 0, magnitude);
            Assert.Contains("Fc1 none", Assert.Throws<InvalidDataException>(() => Checkpoint.LoadPruner(path, movement)).Message, StringComparison.Ordinal);
            using var later = new Pruner(module, optimizer, Plan(module, new MagnitudeCriterion(), every: 3), Steps, completedSteps: 4);
            Assert.Contains("step 0", Assert.Throws<InvalidDataException>(() => Checkpoint.LoadPruner(path, later)).Message, StringComparison.Ordinal);

            var error = Assert.Throws<InvalidOperationException>(movement.Step);
            Assert.Contains("'Fc1'", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, movement.CompletedSteps);

            var early = new LayerPruning(new MovementCriterion(), new PruningTimeline(new OneShotSchedule(), 0, 0, 1, Steps));
            var tooEarly = Assert.Throws<ArgumentException>(() => new Pruner(module, optimizer, PruningPlan.Of(module.Model, early), Steps));
            Assert.Contains("MovementCriterion", tooEarly.Message, StringComparison.Ordinal);
            Assert.Contains("MovementCriterion", Assert.Throws<ArgumentException>(() => ModulePruner.PruneInRounds(module, new MovementCriterion())).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PruningPlan Plan(SparseModule module, ICriterion criterion, int every)
        => PruningPlan.Of(module.Model, new LayerPruning(criterion, new PruningTimeline(new LinearSchedule(), 0, Steps, every, Steps)));

    private static optim.Optimizer Create(string name, SparseModule module) => name switch
    {
        "SparseSGD" => new SparseSGD(module.parameters(), 0.1, momentum: 0.9, weight_decay: 0.01),
        "SparseAdam" => new SparseAdam(module.parameters(), lr: 0.01, weight_decay: 0.01),
        _ => Optimizers.Create(name, module),
    };

    private static Tensor Loss(SparseModule module, int step)
    {
        var input = Values.AsTensor(Values.Random(step, 16 * 20), 16, 20);
        return nn.functional.mse_loss(module.call(input), input.narrow(1, 0, 5).sin());
    }

    private static void AssertClose(double[] expected, ReadOnlyMemory<float> actual, bool[] mask, string what)
    {
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            // What is pruned has no sum any more.
            Assert.True(Math.Abs((mask[i] ? expected[i] : 0) - actual.Span[i]) <= 1e-5 * largest, $"{what} {i}: {actual.Span[i]} where {expected[i]} was expected.");
        }
    }

    private sealed class Spy : ICriterion
    {
        public Dictionary<string, (bool[] Mask, LayerEvidence Evidence)> Last { get; } = [];

        public Dictionary<(string, int), (bool[] Mask, LayerEvidence Evidence)> Seen { get; } = [];

        public Evidence Needs => Evidence.Sensitivity | Evidence.Movement;

        public void Score(ScoreInput input, Span<float> scores)
        {
            Last[input.Layer.Name] = (input.Mask.ToArray(), input.Evidence);
            input.Evidence.Sensitivity.Span.CopyTo(scores);
        }
    }
}
