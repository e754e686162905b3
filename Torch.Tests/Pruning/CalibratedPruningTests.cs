using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Pruning;

/// <summary>Pruners that measure.</summary>
public sealed class CalibratedPruningTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _inputs = Values.AsTensor(Values.Random(2, 30 * 20), 30, 20);
    private readonly Tensor _targets = arange(30) % 5;
    private readonly Calibration _calibration;

    public CalibratedPruningTests() => _calibration = new([(_inputs, _targets)]);

    public static TheoryData<ICriterion> Measured =>
        [new SnipCriterion(), new TaylorCriterion(), new GraspCriterion(), new FisherCriterion(), new WandaCriterion()];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Measured))]
    public void A_pruner_measures_when_masks_are_due_in_both_modes_and_the_highest_scores_stay(ICriterion criterion)
    {
        var counts = new[] { TrainingMode.Exact, TrainingMode.Sparse }.Select(Train).ToArray();
        // Cut blocks hold fewer weights: which of them stay may hang on rounding.
        Assert.Equal([222, 37 / 4 * 32 * 2 + 32], counts[0][..2]);
        Assert.Equal(counts[0][..2], counts[1][..2]);
        Assert.All(counts, layers => Assert.InRange(layers[3], 350, 450));

        long[] Train(TrainingMode mode)
        {
            manual_seed(1);
            using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
            using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
            var timeline = new PruningTimeline(new CubicSchedule(), 0, 8, 2, 10);
            var pruner = new Pruner(module, optimizer, PruningPlan.Of(module.Model, new LayerPruning(criterion, timeline)), 10, calibration: _calibration);
            var updates = 0;
            for (var step = 0; step < 10; step++)
            {
                optimizer.zero_grad();
                module.call(rand(4, 20)).square().mean().backward();
                optimizer.step();
                using var inner = NewDisposeScope();
                var before = new DenseScores(module, _inputs, _targets);
                pruner.Step();
                if (pruner.Updated)
                {
                    updates++;
                    AssertHighestStay(module, before, criterion);
                }
            }

            Assert.Equal(4, updates);
            return [.. module.Layers.Select(layer => layer.ActiveCount)];
        }
    }

    [Theory]
    [MemberData(nameof(Measured))]
    public void A_criterion_without_what_it_needs_is_named(ICriterion criterion)
    {
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.Adam(module.parameters());
        var plan = PruningPlan.Of(module.Model, new LayerPruning(criterion, PruningTimeline.Rounds(10)));

        foreach (var error in new[]
        {
            Assert.Throws<ArgumentException>(() => new Pruner(module, optimizer, plan, 10)),
            Assert.Throws<ArgumentException>(() => ModulePruner.PruneInRounds(module, criterion)),
        })
        {
            Assert.All(["'Fc1'", criterion.GetType().Name, criterion.Needs.ToString(), nameof(Calibration)], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_module_is_pruned_as_its_weights_and_evidence_say()
    {
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        Memory<float>[] weights = [.. module.Layers.Select(layer => layer.ReadWeights().AsMemory())];
        var evidence = _calibration.Measure(module, Evidence.Gradient);
        var expected = ModelPruner.PruneInRounds(module.Model, weights, new SnipCriterion(), 1, _ => evidence);

        ModulePruner.PruneInRounds(module, new SnipCriterion(), calibration: _calibration);

        Assert.All(expected, (mask, l) => Assert.Equal(mask, module.Layers[l].ReadMask()));
        Assert.All(module.Layers, layer => Assert.All(layer.ReadWeights().Zip(layer.ReadMask()), weight => Assert.True(weight.Second || weight.First == 0)));
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Flow_needs_no_calibration_and_an_optimiser_forgets_what_is_pruned(TrainingMode mode)
    {
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        using var optimizer = new SparseAdam(module.parameters(), lr: 0.01);
        Step();
        ModulePruner.PruneInRounds(module, new SynFlowCriterion(), rounds: 20, optimizer: optimizer, budget: new GlobalBudget(0.8));

        // N:M keeps half; the others 20% together.
        Assert.Equal(37 * 32 / 2 + 16, module.Layers[1].ActiveCount, 20.0);
        var masks = module.Layers.Select(layer => layer.ReadMask()).ToArray();
        Step();
        Assert.All(module.Layers, (layer, l) => Assert.All(layer.ReadWeights().Zip(masks[l]), weight => Assert.True(weight.Second || weight.First == 0)));

        void Step()
        {
            optimizer.zero_grad();
            module.call(rand(4, 20)).square().mean().backward();
            optimizer.step();
        }
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Whole_outputs_go_where_the_plan_says_so(TrainingMode mode)
    {
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        var x = Values.AsTensor(Values.Random(2, 30 * 20), 30, 20);
        var active = Values.Of(module.Layers[0].call(x).square().mean([0L])).Index().OrderByDescending(output => output.Item).Take(11).Select(output => output.Index).Order();
        var plan = new PruningPlan([new LayerPruning(new ActivityCriterion(), PruningTimeline.Rounds(1)), null, null, null, null], new ByHandBudget());

        ModulePruner.Prune(module, plan, _calibration);

        // 37 outputs at a sparsity of 0.7.
        var rows = module.Layers[0].ReadMask().Chunk(20).ToArray();
        Assert.All(rows, row => Assert.Equal(row[0], row.All(isActive => isActive == row[0]) && row[0]));
        Assert.Equal(active, rows.Index().Where(row => row.Item[0]).Select(row => row.Index));
        Assert.Equal(0, module.Layers[1].Sparsity);
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void Weights_that_make_up_for_others_are_written_back(TrainingMode mode)
    {
        using var module = SparseModule.For<ManyPatterns>(mode, seed: 1);
        var before = module.Layers.Select(layer => layer.ReadWeights()).ToArray();

        ModulePruner.PruneInRounds(module, new Doubling(), calibration: _calibration);

        foreach (var (l, layer) in module.Layers.Index())
        {
            var mask = layer.ReadMask();
            var expected = before[l].Select((weight, i) => layer.HasPattern ? (mask[i] ? 2 * weight : 0) : weight);
            Assert.Equal(expected, layer.ReadWeights());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_round_that_fails_says_what_earlier_ones_left(int failing)
    {
        using var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);

        var message = Assert.Throws<ArgumentException>(() => ModulePruner.PruneInRounds(module, new FailsInRound(failing), rounds: 2)).Message;

        Assert.Contains("'Fc1'", message, StringComparison.Ordinal);
        Assert.Contains("this update changed no mask", message, StringComparison.Ordinal);
        Assert.Equal(failing > 1, message.Contains("earlier rounds pruned stays", StringComparison.Ordinal));
        // Of 0.3 the root, of 740 weights, after the first round.
        Assert.Equal(failing > 1 ? 405 : 740, module.Layers[0].ActiveCount);
    }

    // What is compared with one another: a layer's weights or blocks, for Wanda those of a row, for N:M those of a group.
    private static void AssertHighestStay(SparseModule module, DenseScores before, ICriterion criterion)
    {
        var (scores, squares) = before.Of(criterion);
        foreach (var (l, layer) in module.Layers.Index().Where(layer => layer.Item.HasPattern))
        {
            var (mask, columns) = (layer.ReadMask(), layer.Layer.InFeatures);
            var (height, width) = layer.Layer.Pattern is BlockPattern block ? (block.Rows, block.Columns) : (1, 1);
            var tolerance = 1e-4 * scores[l].Max(Math.Abs);
            var units = Enumerable.Range(0, mask.Length).GroupBy(i => (Row: i / columns / height, Column: i % columns / width)).Select(unit =>
            {
                Assert.True(unit.All(i => mask[i] == mask[unit.First()]), $"{layer.Layer.Name}: block {unit.Key} is cut.");
                Assert.True(unit.All(i => before.Masks[l][i] || !mask[i]), $"{layer.Layer.Name}: block {unit.Key} came back.");
                var sum = unit.Sum(i => scores[l][i]);
                return (unit.Key.Row, unit.Key.Column, Stays: mask[unit.First()], WasThere: before.Masks[l][unit.First()], Score: squares ? sum * sum : sum);
            }).ToArray();
            var sets = units.Where(unit => unit.WasThere).GroupBy(unit => layer.Layer.Pattern switch
            {
                NMPattern nm => (unit.Row, unit.Column / nm.M),
                _ => criterion is WandaCriterion ? (unit.Row, 0) : (0, 0),
            });
            foreach (var set in sets)
            {
                var lowest = set.Where(unit => unit.Stays).Select(unit => unit.Score).DefaultIfEmpty(double.PositiveInfinity).Min();
                var highest = set.Where(unit => !unit.Stays).Select(unit => unit.Score).DefaultIfEmpty(double.NegativeInfinity).Max();
                Assert.True(
                    highest <= lowest + (squares ? tolerance * scores[l].Max(Math.Abs) : tolerance),
                    $"{criterion.GetType().Name}, {layer.Layer.Name}, {set.Key}: a score of {highest} went, and one of {lowest} stayed.");
            }
        }
    }

    private sealed class FailsInRound(int failing) : ICriterion
    {
        private int _rounds;

        public void Score(ScoreInput input, Span<float> scores)
        {
            _rounds += input.Layer.Name == "Fc1" ? 1 : 0;
            scores.Fill(_rounds == failing ? float.NaN : 1);
        }
    }

    private sealed class Doubling : ICompensatingCriterion
    {
        public Evidence Needs => Evidence.InputGram;

        public void Score(ScoreInput input, Span<float> scores) => input.Weights.CopyTo(scores);

        public void Compensate(ScoreInput input, ReadOnlySpan<bool> mask, Span<float> weights)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = mask[i] ? 2 * weights[i] : 0;
            }
        }
    }
}
