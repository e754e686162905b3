using KernelGen.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch.Tests.Regularisers;

public sealed class GroupLassoTests
{
    public static TheoryData<TrainingMode, PruningUnit> Cases
        => [.. from mode in Enum.GetValues<TrainingMode>() from unit in Enum.GetValues<PruningUnit>() select (mode, unit)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_minimises_the_proximal_objective(TrainingMode mode, PruningUnit unit)
    {
        using var scope = NewDisposeScope();
        const double Rate = 0.5;
        // About as long as weights are.
        var strength = unit == PruningUnit.Pattern ? 0.11 : 0.22;
        var module = Module(mode);
        using var optimizer = optim.SGD(module.parameters(), Rate);
        var before = module.Layers.Select(layer => layer.ReadWeights()).ToArray();
        new GroupLasso(module, optimizer, strength, unit).Step();
        var (shrunk, gone) = (0, 0);
        foreach (var (l, layer) in module.Layers.Index().Where(layer => layer.Item.HasPattern))
        {
            var (mask, after, columns) = (layer.ReadMask(), layer.ReadWeights(), layer.Layer.InFeatures);
            var (rows, across) = layer.Layer.Pattern is BlockPattern block ? (block.Rows, block.Columns) : (1, 1);
            foreach (var group in Enumerable.Range(0, mask.Length).Where(i => mask[i]).GroupBy(i => unit switch
            {
                PruningUnit.Output => i / columns / rows,
                PruningUnit.Input => i % columns / across,
                _ => (i / columns / rows * 100_000) + (i % columns / across),
            }))
            {
                // |v - w|^2 / 2 + rate * strength * sqrt|G| |v|: v lies on the ray to w, so its length decides, found by ternary search.
                var norm = Math.Sqrt(group.Sum(i => (double)before[l][i] * before[l][i]));
                double Objective(double length) => ((length - norm) * (length - norm) / 2) + (Rate * strength * Math.Sqrt(group.Count()) * length);
                var (low, high) = (0.0, norm);
                for (var i = 0; i < 200; i++)
                {
                    var (a, b) = (low + ((high - low) / 3), high - ((high - low) / 3));
                    (low, high) = Objective(a) <= Objective(b) ? (low, b) : (a, high);
                }

                Assert.All(group, i => Assert.Equal(before[l][i] * low / norm, after[i], 1e-6));
                gone += group.All(i => after[i] == 0) ? 1 : 0;
                shrunk += group.All(i => after[i] != 0) ? 1 : 0;
            }
        }

        Assert.True(gone > 0 && shrunk > 0, $"{gone} groups are gone, {shrunk} are left.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_makes_groups_0_and_pruned_ones_leave_the_emitted_model(TrainingMode mode, PruningUnit unit)
    {
        using var scope = NewDisposeScope();
        var module = Module(mode);
        using optim.Optimizer optimizer = mode == TrainingMode.Exact ? optim.Adam(module.parameters(), 0.01) : new SparseAdam(module.parameters(), 0.01);
        var lasso = new GroupLasso(module, optimizer, 0.5, unit);
        var task = new Regression(seed: 2);
        var first = task.Loss(module);
        for (var step = 0; step < 150; step++)
        {
            task.Step(module, optimizer);
            lasso.Step();
        }

        Assert.True(task.Loss(module) < first / 2, $"The loss went from {first} to {task.Loss(module)}.");
        var input = Values.AsTensor(Values.Random(5, 7 * 20), 7, 20);
        var (before, active) = (Values.Of(module.call(input)), module.Layers.Sum(layer => layer.ActiveCount));
        lasso.Prune();
        var left = module.Layers.Sum(layer => layer.ActiveCount);
        Assert.True(left < 0.97 * active, $"{active} weights were active, and {left} are.");
        Assert.All(before.Zip(Values.Of(module.call(input))), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        var output = new float[7 * 5];
        var model = new ManyPatterns();
        module.CopyTo(model);
        model.Forward(Values.Of(input), output, 7);
        Assert.All(before.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void What_does_not_fit_says_so()
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(TrainingMode.Exact, seed: 1);
        using var optimizer = optim.SGD(module.parameters(), 1);
        Assert.Throws<ArgumentException>(() => new GroupLasso(module, optim.LBFGS(module.parameters()), 1, PruningUnit.Pattern));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupLasso(module, optimizer, -1, PruningUnit.Pattern));
        var all = new GroupLasso(module, optimizer, 1000, PruningUnit.Pattern);
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Strength = -1);
        all.Step();
        Assert.Contains("'Fc1'", Assert.Throws<InvalidOperationException>(all.Prune).Message, StringComparison.Ordinal);
        Assert.Equal(0, module.Layers[0].Sparsity);
    }

    [Theory]
    [InlineData(TrainingMode.Exact)]
    [InlineData(TrainingMode.Sparse)]
    public void The_L1_norm_counts_active_weights_and_its_gradient_is_their_sign(TrainingMode mode)
    {
        using var scope = NewDisposeScope();
        var module = SparseModule.For<ManyPatterns>(mode, seed: 1, RandomMasks.Create(ManyPatterns.Descriptor, seed: 1));
        var weights = module.Layers.Where(layer => layer.HasPattern).Select(layer => layer.ReadActive().Values.ToArray()).ToArray();
        var norm = L1.Norm(module);
        norm.backward();
        Assert.Equal(weights.Sum(own => own.Sum(w => Math.Abs((double)w))), norm.item<float>(), 1e-3);
        var gradient = Values.Of(module.Layers[0].Weight.grad!);
        Assert.Equal(weights[0].Select(w => (float)Math.Sign(w)), gradient.Where(x => x != 0));
        Assert.Null(module.Layers[4].Weight.grad);
    }

    private static SparseModule Module(TrainingMode mode) => SparseModule.For<ManyPatterns>(mode, seed: 1, RandomMasks.Create(ManyPatterns.Descriptor, seed: 1));
}
