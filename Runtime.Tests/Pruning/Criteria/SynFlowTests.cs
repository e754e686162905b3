using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class SynFlowTests
{
    // Behind the case of 3 x 4 a layer of 2 outputs, |V| = 1 1 2 / 0.5 2 1, so that the hidden outputs count 1.5, 3 and 3. The sums of their
    // active |w| are 6.5, 7.5 and 6: R = 9.75 + 22.5 + 18 = 50.25.
    [Fact]
    public void Scores_are_parts_of_the_flow()
    {
        var model = Given.Model(null, Case3x4.Layer, Given.Layer("Fc2", 3, 2, new UnstructuredPattern(0.5)));
        float[][] weights = [Case3x4.Weights, [1, -1, 2, 0.5f, 2, -1]];
        bool[][] masks = [Case3x4.Mask, [true, true, true, true, true, true]];

        var flow = SynapticFlow.Measure(model, Given.Memories(weights), Given.Memories(masks));
        var scores = Case3x4.Score(new SynFlowCriterion(), new LayerEvidence { Flow = flow[0] });

        double[] expected = [1.5, 3, 4.5, 0.75, 3, 6, 1.5, 12, 6, 0, 9, 3];
        Assert.Equal(expected.Select(part => part / 50.25), scores.Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-7);
        // The second layer: 6.5, 7.5 and 6 come in; |V| times these over R.
        Assert.Equal(6.5 / 50.25, flow[1][0], 1e-7);
        Assert.Equal(6 / 50.25, flow[1][5], 1e-7);
    }

    [Fact]
    public void Flow_is_the_derivative_of_the_product_of_matrices() => ForAll.Seeds(60, random =>
    {
        var sizes = Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(1, 7)).ToArray();
        var model = Given.Model(null, [.. sizes.Skip(1).Select((size, l) => Given.Layer($"Fc{l + 1}", sizes[l], size, new UnstructuredPattern(0.5)))]);
        var weights = model.Layers.Select(layer => Enumerable.Range(0, (int)layer.WeightCount).Select(_ => (2 * random.NextSingle()) - 1).ToArray()).ToArray();
        var masks = model.Layers.Select(layer => Given.Mask(random, (int)layer.WeightCount, 0.9)).ToArray();
        double[][] active = [.. weights.Zip(masks, (w, m) => w.Zip(m, (value, isActive) => isActive ? Math.Abs((double)value) : 0).ToArray())];

        var flow = SynapticFlow.Measure(model, Given.Memories(weights), Given.Memories(masks));

        var total = Product(sizes, active);
        for (var l = 0; l < active.Length; l++)
        {
            for (var i = 0; i < active[l].Length; i++)
            {
                // R is linear in each weight: its derivative is R with this weight alone in its layer.
                double[][] alone = [.. active];
                alone[l] = new double[active[l].Length];
                alone[l][i] = 1;
                var expected = total > 0 ? Product(sizes, alone) / total : 0;
                Assert.Equal(expected, flow[l][i], 1e-6 * Math.Max(1, expected));
            }
        }
    });

    [Fact]
    public void A_hundred_rounds_leave_a_path_where_magnitude_at_once_leaves_none()
    {
        var random = new Random(3);
        var settings = new PruneSettings(Criterion.Magnitude, Schedule.OneShot, Budget: Budget.Global, Sparsity: 0.999);
        var model = Given.LeNet(settings, new UnstructuredPattern(0));
        // The wider a layer, the smaller its weights, as layers are initialised.
        var weights = model.Layers
            .Select(layer => Enumerable.Range(0, (int)layer.WeightCount).Select(_ => (float)(((2 * random.NextDouble()) - 1) / Math.Sqrt(layer.InFeatures))).ToArray())
            .ToArray();
        var counts = new List<int>();

        var masks = ModelPruner.PruneInRounds(model, [.. weights.Select(w => w.AsMemory())], new SynFlowCriterion(), 100, given =>
        {
            counts.Add(given.Sum(mask => mask.Count(active => active)));
            return [.. given.Select(_ => LayerEvidence.None)];
        });

        // 266,200 weights, of which a round leaves all but the hundredth root of 0.001.
        Assert.Equal(266, masks.Sum(mask => mask.Count(active => active)));
        Assert.All(counts, (count, round) => Assert.Equal(266_200 * Math.Pow(0.001, round / 100.0), count, 1.0));
        Assert.True(Flows(masks), "SynFlow left no path from an input to an output.");
        Assert.False(Flows(ModelPruner.PruneNow(model, Given.Memories(weights))));

        bool Flows(bool[][] left) => Product([784, 300, 100, 10], [.. weights.Zip(left, (w, m) => w.Zip(m, (value, isActive) => isActive ? Math.Abs((double)value) : 0).ToArray())]) > 0;
    }

    [Fact]
    public void No_model_is_too_deep()
    {
        var model = Given.Model(null, [.. Enumerable.Range(1, 500).Select(l => Given.Layer($"Fc{l}", 10, 10, new UnstructuredPattern(0.5)))]);
        var weights = Enumerable.Repeat(Enumerable.Repeat(10f, 100).ToArray(), 500).ToArray();

        var flow = SynapticFlow.Measure(model, Given.Memories(weights), Given.Memories(Given.FullMasks(model)));

        // R would be 10 * 100^500. Each of 100 equal weights has a hundredth of the flow.
        Assert.All(flow, layer => Assert.All(layer, part => Assert.Equal(0.001, part, 1e-9)));
    }

    [Fact]
    public void Layers_that_do_not_follow_each_other_are_an_error()
    {
        var model = Given.Model(null, Given.Layer("Fc1", 4, 3, new UnstructuredPattern(0.5)), Given.Layer("Fc2", 2, 1, new UnstructuredPattern(0.5)));

        var error = Assert.Throws<ArgumentException>(() => ModelPruner.PruneNow(model, [new float[12], new float[2]], new SynFlowCriterion()));

        Assert.Contains("'Fc2' takes 2 inputs", error.Message, StringComparison.Ordinal);
    }

    /// <summary>1^T prod M_l 1, by products of whole matrices.</summary>
    private static double Product(int[] sizes, double[][] matrices)
    {
        var product = matrices[0];
        for (var l = 1; l < matrices.Length; l++)
        {
            var next = new double[sizes[l + 1] * sizes[0]];
            for (var i = 0; i < sizes[l + 1]; i++)
            {
                for (var k = 0; k < sizes[l]; k++)
                {
                    for (var j = 0; j < sizes[0] && matrices[l][(i * sizes[l]) + k] > 0; j++)
                    {
                        next[(i * sizes[0]) + j] += matrices[l][(i * sizes[l]) + k] * product[(k * sizes[0]) + j];
                    }
                }
            }

            product = next;
        }

        return product.Sum();
    }
}
