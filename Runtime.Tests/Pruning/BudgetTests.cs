using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class BudgetTests
{
    private static readonly UnstructuredPattern Unstructured = new(0.5);

    [Fact]
    public void Erk_gives_the_published_sparsities_of_LeNet_in_whole_weights()
    {
        var model = Given.LeNet(null, Unstructured);
        var budget = new ErkBudget(0.95);

        var eps = budget.Epsilon(model);
        var sparsities = model.Layers.Select(layer => Math.Round(1 - (Share(layer, eps) / layer.WeightCount), 4));
        var densities = budget.Densities(model);

        // The shares are 9,051.47, 3,340.03 and 918.51 weights, and 13,310 in total.
        Assert.Equal(8.3501, eps, 4);
        Assert.Equal([0.9615, 0.8887, 0.0815], sparsities);
        Assert.Equal([9_051, 3_340, 919], densities.Select((density, i) => Math.Round(density * model.Layers[i].WeightCount, 6)));
    }

    [Fact]
    public void Erk_makes_a_layer_dense_that_would_exceed_density_1()
    {
        // At eps = 3: Fc1 60 of 100, Fc2 33 of 10, so Fc2 is dense and Fc1 gets the other 45 - 10.
        var model = Given.Model(null, Given.Layer("Fc1", 10, 10, Unstructured), Given.Layer("Fc2", 10, 1, Unstructured));
        var budget = new ErkBudget(1 - (45.0 / 110));

        Assert.Equal(1.75, budget.Epsilon(model), 9);
        Assert.Equal([0.35, 1], budget.Densities(model).Select(density => Math.Round(density, 9)));
    }

    [Fact]
    public void Erk_at_sparsity_0_is_dense()
        => Assert.Equal([1, 1, 1], new ErkBudget(0).Densities(Given.LeNet(null, Unstructured)));

    [Fact]
    public void Uniform_spreads_one_sparsity()
    {
        var model = Given.LeNet(null, Unstructured);

        var densities = new UniformBudget(0.95).Densities(model);

        Assert.Equal([11_760, 1_500, 50], densities.Select((density, i) => Math.Round(density * model.Layers[i].WeightCount)));
    }

    [Fact]
    public void By_hand_is_what_each_pattern_says()
    {
        var model = Given.Model(
            null,
            Given.Layer("Fc1", 8, 4, new UnstructuredPattern(0.75)),
            Given.Layer("Fc2", 4, 4, new NMPattern(1, 4)),
            Given.Layer("Fc3", 4, 4, new BlockPattern(2, 2, 0.5)),
            Given.Layer("Fc4", 4, 4, new DensePattern()));

        Assert.Equal([0.25, 0.25, 0.5, 1], new ByHandBudget().Densities(model));
    }

    [Theory]
    [InlineData(Budget.Uniform)]
    [InlineData(Budget.Erk)]
    [InlineData(Budget.Global)]
    public void Dense_and_NM_layers_keep_their_own_and_do_not_count(Budget budget)
    {
        var model = Given.Model(
            null,
            Given.Layer("Fc1", 4, 4, new NMPattern(1, 4)),
            Given.Layer("Fc2", 10, 10, Unstructured),
            Given.Layer("Fc3", 10, 10, new DensePattern()));

        Assert.Equal([0.25, 0.2, 1], Of(budget, 0.8).Densities(model).Select(density => Math.Round(density, 9)));
    }

    [Fact]
    public void Uniform_and_Erk_meet_the_total_exactly() => ForAll.Seeds(100, random =>
    {
        var model = Given.RandomModel(random, null, _ => Unstructured);
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var n = model.Layers.Sum(layer => layer.WeightCount);
        var total = Math.Max(model.Layers.Count, Oracle.Kept(sparsity, n));

        Assert.Equal(total, TotalKept(model, new UniformBudget(sparsity).Densities(model)));
        Assert.Equal(total, TotalKept(model, new ErkBudget(sparsity).Densities(model)));
    });

    [Fact]
    public void Erk_agrees_with_a_search_for_eps() => ForAll.Seeds(100, random =>
    {
        var model = Given.RandomModel(random, null, _ => Unstructured);
        var sparsity = 0.05 + (random.NextDouble() * 0.9);
        var total = (1 - sparsity) * model.Layers.Sum(layer => layer.WeightCount);
        var (low, high) = (0.0, 1e6);
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = model.Layers.Sum(layer => Share(layer, middle)) < total ? (middle, high) : (low, middle);
        }

        var eps = new ErkBudget(sparsity).Epsilon(model);

        Assert.All(model.Layers, layer => Assert.Equal(Share(layer, high), Share(layer, eps), 6));
    });

    [Fact]
    public void A_minimum_takes_from_the_others_at_one_sparsity_or_one_eps()
    {
        var model = Given.LeNet(null, Unstructured);
        var perLayer = new Minimum { PerLayer = 300 };

        // Uniform: 2,662 - 2 * 300. Erk: eps = (2,662 - 300) / (1,084 + 400) = 1.5916, shares 1,725.34 and 636.66.
        Assert.Equal([2_352, 300, 10], Kept(model, new UniformBudget(0.99)));
        Assert.Equal([2_062, 300, 300], Kept(model, new UniformBudget(0.99, perLayer)));
        Assert.Equal([2_343, 299, 20], Kept(model, new UniformBudget(0.99, new Minimum { PerOutput = 2 })));
        Assert.Equal([1_810, 668, 184], Kept(model, new ErkBudget(0.99)));
        Assert.Equal([1_725, 637, 300], Kept(model, new ErkBudget(0.99, perLayer)));
        Assert.Equal(2_362.0 / 1_484, new ErkBudget(0.99, perLayer).Epsilon(model), 9);
    }

    [Fact]
    public void Minima_above_the_total_win_and_a_small_layer_keeps_all()
    {
        var model = Given.LeNet(null, Unstructured);
        var minimum = new Minimum { PerLayer = 1_500 };

        Assert.Equal([1_500, 1_500, 1_000], Kept(model, new UniformBudget(0.99, minimum)));
        Assert.Equal([1_500, 1_500, 1_000], Kept(model, new ErkBudget(0.99, minimum)));
    }

    [Fact]
    public void Minima_hold_and_the_total_is_exact_wherever_that_is_possible() => ForAll.Seeds(200, random =>
    {
        var model = Given.RandomModel(random, null, _ => Unstructured);
        var sparsity = Math.Round(random.NextDouble() * 0.99, 3);
        var minimum = new Minimum { PerLayer = random.Next(1, 30), PerOutput = random.Next(0, 4) };
        long[] least = [.. model.Layers.Select(layer => Least(layer, minimum))];
        var total = Math.Max(least.Sum(), Oracle.Kept(sparsity, model.Layers.Sum(layer => layer.WeightCount)));

        foreach (var budget in new IBudget[] { new UniformBudget(sparsity, minimum), new ErkBudget(sparsity, minimum) })
        {
            var kept = Kept(model, budget);
            Assert.Equal(total, kept.Sum());
            Assert.All(kept, (count, i) => Assert.InRange(count, least[i], model.Layers[i].WeightCount));
        }
    });

    [Fact]
    public void Shares_within_bounds_agree_with_a_search_for_the_factor() => ForAll.Seeds(200, random =>
    {
        var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
        {
            var least = random.Next(0, 20);
            return new BoundedShares.Part(random.Next(1, 9), least, least + random.Next(0, 50));
        }).ToList();
        var (least, most) = (parts.Sum(part => part.Minimum), parts.Sum(part => part.Capacity));
        var total = least + (random.NextDouble() * (most - least));
        var (low, high) = (0.0, 1e3);
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = parts.Sum(part => part.At(middle)) < total ? (middle, high) : (low, middle);
        }

        var factor = BoundedShares.Factor(parts, total);

        Assert.All(parts, part => Assert.Equal(part.At(high), part.At(factor), 6));
    });

    [Fact]
    public void A_minimum_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Minimum { PerLayer = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Minimum { PerOutput = -1 });
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_sparsity_out_of_range_is_refused(double sparsity)
    {
        foreach (var budget in new[] { Budget.Uniform, Budget.Erk, Budget.Global })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Of(budget, sparsity));
        }
    }

    private static long Least(LayerDescriptor layer, Minimum minimum)
        => Math.Max(Math.Min(minimum.PerLayer, layer.WeightCount), layer.OutFeatures * Math.Min(minimum.PerOutput, layer.InFeatures));

    private static long[] Kept(ModelDescriptor model, IBudget budget)
        => [.. budget.Densities(model).Select((density, i) => (long)Math.Round(density * model.Layers[i].WeightCount, 6))];

    private static IBudget Of(Budget budget, double sparsity) => budget switch
    {
        Budget.Uniform => new UniformBudget(sparsity),
        Budget.Erk => new ErkBudget(sparsity),
        Budget.Global => new GlobalBudget(sparsity),
        _ => new ByHandBudget(),
    };

    private static double Share(LayerDescriptor layer, double eps)
        => Math.Min(layer.WeightCount, eps * (layer.InFeatures + layer.OutFeatures));

    private static long TotalKept(ModelDescriptor model, IReadOnlyList<double> densities)
        => model.Layers.Select((layer, i) => (long)Math.Round(densities[i] * layer.WeightCount)).Sum();
}
