using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class WoodFisherTests
{
    /// <summary>
    /// One sample, lambda 1, a block for each row: F^-1 = I - g g^T / (1 + g^T g). In rows 0 and 1 g^T g = 3, so that F^-1 = I - g g^T /
    /// 4 has 3/4 on the diagonal where g is 1, and -1/4 beside it. In row 2 g = 0, and F^-1 = I.
    /// </summary>
    private static readonly SecondOrderCase _golden = SecondOrderCase.Of(
        outputs: 3,
        inputs: 4,
        [
            3, 6, -3, 2,
            4, 3, 6, 9,
            1, 2, 3, 4,
        ],
        new LayerEvidence
        {
            SampleGradients = new float[]
            {
                1, 1, 1, 0,
                0, 1, 1, 1,
                0, 0, 0, 0,
            },
        });

    private static readonly WoodFisherCriterion _rowByRow = new(blockSize: 4, dampening: 1);

    [Fact]
    public void Scores_by_hand()
    {
        // w^2 / (2 * 3/4), or w^2 / 2 where g is 0
        SecondOrderCase.AssertNear(
            [
                6, 24, 6, 2,
                8, 6, 24, 54,
                0.5, 2, 4.5, 8,
            ],
            _golden.Scores(_rowByRow));
    }

    [Fact]
    public void Compensation_by_hand()
    {
        // Row 0 loses its first weight: dw = -3 / (3/4) * (3/4, -1/4, -1/4, 0) = (-3, 1, 1, 0).
        // Row 1 loses two: F^-1[Q,Q] = (3/4, -1/4; -1/4, 3/4), its inverse (3/2, 1/2; 1/2, 3/2), times (3, 6) = (15/2, 21/2);
        // so the last weight changes by (15/2 + 21/2) / 4 = 9/2, and the first not at all.
        // Row 2 loses its last, which no other can make up for.
        SecondOrderCase.AssertNear(
            [
                0, 7, -2, 2,
                4, 0, 0, 13.5,
                1, 2, 3, 0,
            ],
            _golden.Compensated(_rowByRow, _golden.Without(0, 5, 6, 11)));
    }

    [Fact]
    public void The_inverse_is_that_of_the_sum() => ForAll.Seeds(100, random =>
    {
        var (outputs, inputs) = (random.Next(1, 5), random.Next(1, 9));
        var given = SecondOrderCase.Random(random, outputs, inputs, density: 0.8);
        var dampening = Math.Pow(10, random.Next(-7, 1));
        var all = outputs * inputs;

        var inverse = new InverseFisher(all).Of(given.Evidence.SampleGradients.Span, all, 0, given.Mask, dampening).ToArray();

        var active = Active(given);
        var expected = Exact.Inverse(Exact.Part(Fisher(given, dampening), active));
        for (var i = 0; i < active.Length; i++)
        {
            var scale = Math.Sqrt(expected[i, i]);
            for (var j = 0; j < active.Length; j++)
            {
                Assert.Equal(expected[i, j], inverse[(active[i] * all) + active[j]], 1e-7 * scale * Math.Sqrt(expected[j, j]));
            }
        }
    });

    [Fact]
    public void Score_and_change_are_those_of_optimal_brain_surgery() => ForAll.Seeds(100, random =>
    {
        var (outputs, inputs) = (random.Next(1, 5), random.Next(1, 9));
        var given = SecondOrderCase.Random(random, outputs, inputs, density: 0.8);
        var active = Active(given);
        if (active.Length == 0)
        {
            return;
        }

        var criterion = new WoodFisherCriterion(outputs * inputs, dampening: 0.01);
        var fisher = Exact.Part(Fisher(given, 0.01), active);
        double[] weights = [.. active.Select(i => (double)given.Weights[i])];
        var scores = given.Scores(criterion);
        var rises = active.Select((_, q) => Exact.Rise(fisher, Exact.LeastChange(fisher, weights, [q])));
        SecondOrderCase.AssertNear(rises, active.Select(i => scores[i]));

        var mask = given.Thinned(random, random.NextDouble());
        int[] gone = [.. Enumerable.Range(0, active.Length).Where(q => !mask[active[q]])];
        var change = Exact.LeastChange(fisher, weights, gone);
        var compensated = given.Compensated(criterion, mask);
        SecondOrderCase.AssertNear(weights.Zip(change, (w, d) => w + d), active.Select(i => compensated[i]));
    });

    [Fact]
    public void Many_at_once_are_as_one_after_the_other() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 2, inputs: 6);
        var criterion = new WoodFisherCriterion(blockSize: 12, dampening: 0.01);
        int[] pruned = [.. Enumerable.Range(0, 12).Where(_ => random.Next(2) == 0)];

        // Weights are rounded to single precision in between, when they may be larger than at the end.
        var (weights, mask, largest) = (given.Weights, given.Mask, 0f);
        foreach (var q in pruned)
        {
            largest = Math.Max(largest, weights.Max(Math.Abs));
            var input = new ScoreInput { Layer = given.Layer, Weights = weights, Mask = mask, Evidence = given.Evidence };
            bool[] next = [.. mask.Select((active, i) => active && i != q)];
            float[] changed = [.. weights];
            criterion.Compensate(input, next, changed);
            (weights, mask) = (changed, next);
        }

        var together = given.Compensated(criterion, mask);
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(weights[i], together[i], 1e-4 * largest + 1e-6));
    });

    [Fact]
    public void Blocks_of_the_Fisher_matrix_do_not_touch_each_other() => ForAll.Seeds(50, random =>
    {
        // 5 rows of 7: blocks of 3, 3 and 1 in a row, or of 2, 2 and 1 rows.
        var given = SecondOrderCase.Random(random, outputs: 5, inputs: 7, density: 0.9);
        foreach (var (blockSize, block) in new (int, Func<int, int>)[] { (3, i => (i / 7 * 3) + (i % 7 / 3)), (20, i => i / 14) })
        {
            var criterion = new WoodFisherCriterion(blockSize, dampening: 0.01);
            var all = Fisher(given, 0.01);
            var fisher = Exact.Matrix(35, (i, j) => block(i) == block(j) ? all[i, j] : 0);
            var mask = given.Thinned(random, 0.5);

            var zeroed = Enumerable.Range(0, 35).Where(i => !mask[i]).ToArray();
            var change = Exact.LeastChange(fisher, given.Doubles, zeroed);

            SecondOrderCase.AssertNear(given.Doubles.Zip(change, (w, d) => w + d), given.Compensated(criterion, mask));
        }
    });

    [Theory]
    [InlineData(60)]
    [InlineData(5)]
    public void A_block_scores_what_the_loss_rises_when_it_goes_at_once(int blockSize) => ForAll.Seeds(50, random =>
    {
        // 5 is rounded down to 3, so that a unit's row lies in one Fisher block; its two rows lie in two.
        var given = SecondOrderCase.Random(random, outputs: 6, inputs: 9, density: 0.9, new BlockPattern(2, 3, 0.5));
        var active = Active(given);
        var all = Fisher(given, 0.01);
        int Block(int i) => blockSize == 60 ? 0 : i / 3;
        var fisher = Exact.Matrix(active.Length, (i, j) => Block(active[i]) == Block(active[j]) ? all[active[i], active[j]] : 0);
        double[] weights = [.. active.Select(i => (double)given.Weights[i])];

        var scores = given.Scores(new WoodFisherCriterion(blockSize, dampening: 0.01));

        var units = Enumerable.Range(0, active.Length).GroupBy(q => (active[q] / 9 / 2, active[q] % 9 / 3)).ToArray();
        SecondOrderCase.AssertNear(
            units.Select(unit => Exact.Rise(fisher, Exact.LeastChange(fisher, weights, [.. unit]))),
            units.Select(unit => unit.Sum(q => scores[active[q]])));
    });

    [Theory]
    [InlineData(1, 9)]      // an output
    [InlineData(6, 1)]      // an input
    public void Whole_outputs_and_inputs_score_what_the_loss_rises_when_they_go_at_once(int rows, int columns) => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 6, inputs: 9, density: 0.9);
        var active = Active(given);
        var all = Fisher(given, 0.01);
        var fisher = Exact.Matrix(active.Length, (i, j) => all[active[i], active[j]]);
        double[] weights = [.. active.Select(i => (double)given.Weights[i])];

        var scores = given.Scores(new WoodFisherCriterion(blockSize: 54, dampening: 0.01), new BlockGrid(6, 9, rows, columns));

        var units = Enumerable.Range(0, active.Length).GroupBy(q => (active[q] / 9 / rows, active[q] % 9 / columns)).ToArray();
        SecondOrderCase.AssertNear(
            units.Select(unit => Exact.Rise(fisher, Exact.LeastChange(fisher, weights, [.. unit]))),
            units.Select(unit => unit.Sum(q => scores[active[q]])));
    });

    /// <summary>
    /// Least squares with residuals of +1 and -1: the gradients are plus and minus x and cancel, so that F is the Hessian and the loss
    /// rises by the score. Here the Hessian comes from finite differences of the loss, and the rise from the loss itself.
    /// </summary>
    [Fact]
    public void On_least_squares_the_score_is_the_rise_of_the_loss() => ForAll.Seeds(50, random =>
    {
        double[][] samples = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 5).Select(_ => (double)(random.NextSingle() - 0.3f)).ToArray())];
        double[] start = [.. Enumerable.Range(0, 5).Select(_ => (double)(random.NextSingle() + 0.5f))];
        double Loss(double[] w) => samples.Average(x => new[] { 1.0, -1.0 }.Average(residual =>
        {
            var error = x.Select((value, i) => value * (w[i] - start[i])).Sum() + residual;
            return error * error / 2;
        }));
        double[] Moved(int i, double by) => [.. start.Select((w, k) => k == i ? w + by : w)];
        double[] MovedTwice(int i, int j, double a, double b) => [.. Moved(i, a).Select((w, k) => k == j ? w + b : w)];
        var hessian = Exact.Matrix(5, (i, j) => (Loss(MovedTwice(i, j, 0.1, 0.1)) - Loss(MovedTwice(i, j, 0.1, -0.1))
            - Loss(MovedTwice(i, j, -0.1, 0.1)) + Loss(MovedTwice(i, j, -0.1, -0.1))) / 0.04);
        float[] gradients = [.. samples.SelectMany(x => x.Concat(x.Select(value => -value))).Select(g => (float)g)];
        var given = SecondOrderCase.Of(1, 5, [.. start.Select(w => (float)w)], new LayerEvidence { SampleGradients = gradients });
        var criterion = new WoodFisherCriterion(blockSize: 5, dampening: 1e-9);

        var scores = given.Scores(criterion);

        SecondOrderCase.AssertNear(Enumerable.Range(0, 5).Select(q => Exact.Rise(hessian, Exact.LeastChange(hessian, start, [q]))), scores, 1e-4);
        var least = Array.IndexOf(scores, scores.Min());
        var pruned = given.Compensated(criterion, given.Without(least)).Select(w => (double)w).ToArray();
        Assert.Equal(scores[least], Loss(pruned) - Loss(start), 1e-4 * (scores.Max() + 1e-3));
        Assert.True(Loss(pruned) <= Loss(Moved(least, -start[least])) + 1e-9);
    });

    [Fact]
    public void Gradients_that_the_dampening_drowns_in_are_an_error()
    {
        var given = SecondOrderCase.Of(1, 2, [1, 1], new LayerEvidence { SampleGradients = new float[] { 1e10f, 1e10f, 1e10f, -1e10f } });

        var error = Assert.Throws<ArgumentException>(() => given.Scores(new WoodFisherCriterion(dampening: 1e-7)));

        Assert.Contains("'Fc1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Raise the dampening", error.Message, StringComparison.Ordinal);
    }

    private static int[] Active(SecondOrderCase given) => [.. Enumerable.Range(0, given.Mask.Length).Where(i => given.Mask[i])];

    /// <summary>lambda I + 1/N sum g g^T over all weights of the layer.</summary>
    private static double[,] Fisher(SecondOrderCase given, double dampening)
    {
        var gradients = given.Evidence.SampleGradients.ToArray();
        var size = given.Weights.Length;
        var samples = gradients.Length / size;
        return Exact.Matrix(size, (i, j) => (i == j ? dampening : 0)
            + Enumerable.Range(0, samples).Average(n => (double)gradients[(n * size) + i] * gradients[(n * size) + j]));
    }
}
