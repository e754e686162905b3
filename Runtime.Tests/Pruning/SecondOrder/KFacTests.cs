using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class KFacTests
{
    /// <summary>
    /// A = G = (2, 1; 1, 2) for the first two, with an inverse of (2, -1; -1, 2) / 3; A has 1 and 4 for the last two inputs, G 2 for the
    /// last output. So [A^-1]_jj = 2/3, 2/3, 1, 1/4 and [G^-1]_ii = 2/3, 2/3, 1/2.
    /// </summary>
    private static readonly SecondOrderCase _golden = SecondOrderCase.Of(
        outputs: 3,
        inputs: 4,
        [
            4, 2, 2, 1,
            2, 4, 4, 2,
            3, 3, 1, 1,
        ],
        new LayerEvidence
        {
            InputGram = new float[] { 2, 1, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4 },
            GradientGram = new float[] { 2, 1, 0, 1, 2, 0, 0, 0, 2 },
        });

    [Fact]
    public void Scores_by_hand()
    {
        // w^2 times 1 / (2 [G^-1]_ii [A^-1]_jj): 9/8, 9/8, 3/4, 3 in the first two rows, and 3/2, 3/2, 1, 4 in the last
        SecondOrderCase.AssertNear(
            [
                18, 4.5, 3, 3,
                4.5, 18, 12, 12,
                13.5, 13.5, 1, 4,
            ],
            _golden.Scores(new KFacCriterion(dampening: 0)));
    }

    [Fact]
    public void Compensation_by_hand()
    {
        // The first weight of row 0: dW = -4 (2/3, -1/3, 0)^T (2/3, -1/3, 0, 0) / (4/9) = ((-4, 2), (2, -1)) at the first two rows and inputs.
        // The last weight of row 2 has no neighbours.
        SecondOrderCase.AssertNear(
            [
                0, 4, 2, 1,
                4, 3, 4, 2,
                3, 3, 1, 0,
            ],
            _golden.Compensated(new KFacCriterion(dampening: 0), _golden.Without(0, 11)));
    }

    [Fact]
    public void The_score_is_that_of_the_explicit_Kronecker_product() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, random.Next(1, 5), random.Next(1, 7));
        var (fisher, inverse) = (Fisher(given), Exact.Inverse(Fisher(given)));

        var scores = given.Scores(new KFacCriterion());

        SecondOrderCase.AssertNear(given.Doubles.Select((w, q) => w * w / (2 * inverse[q, q])), scores);
        SecondOrderCase.AssertNear(given.Doubles.Select((_, q) => Exact.Rise(fisher, Exact.LeastChange(fisher, given.Doubles, [q]))), scores);
    });

    [Fact]
    public void Compensation_is_that_of_the_explicit_Kronecker_product() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, random.Next(1, 5), random.Next(1, 7), density: 0.9);
        var mask = given.Thinned(random, random.NextDouble());
        int[] zeroed = [.. Enumerable.Range(0, mask.Length).Where(i => !mask[i])];

        var change = Exact.LeastChange(Fisher(given), given.Doubles, zeroed);

        SecondOrderCase.AssertNear(
            given.Doubles.Zip(change, (w, d) => w + d), given.Compensated(new KFacCriterion(steps: 1000), mask));
    });

    [Fact]
    public void A_single_weight_is_made_up_for_as_the_formula_says() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 3, inputs: 5);
        var outputs = Exact.Inverse(Exact.Damped(given.Evidence.GradientGram.ToArray(), 1, 0.01));
        var inputs = Exact.Inverse(Exact.Damped(given.Evidence.InputGram.ToArray(), 1, 0.01));
        var (i, j) = (random.Next(3), random.Next(5));
        var scale = given.Weights[(i * 5) + j] / (outputs[i, i] * inputs[j, j]);

        var expected = given.Doubles.Select((w, p) => w - (scale * outputs[p / 5, i] * inputs[j, p % 5]));

        SecondOrderCase.AssertNear(expected, given.Compensated(new KFacCriterion(steps: 1000), given.Without((i * 5) + j)));
    });

    [Theory]
    [InlineData(2, 3)]
    [InlineData(1, 7)]      // a neuron
    [InlineData(1, 9)]
    [InlineData(7, 1)]      // an input
    [InlineData(10, 20)]    // the whole layer
    public void A_block_scores_what_the_loss_rises_when_it_goes_at_once(int rows, int columns) => ForAll.Seeds(20, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 5, inputs: 7, density: 1, new BlockPattern(rows, columns, 0.5));
        var fisher = Fisher(given);

        var scores = given.Scores(new KFacCriterion());

        // The same units of an unstructured layer, as whole outputs and inputs are.
        var free = SecondOrderCase.Of(5, 7, given.Weights, given.Evidence);
        Assert.Equal(scores, free.Scores(new KFacCriterion(), new BlockGrid(5, 7, rows, columns)));

        var units = Enumerable.Range(0, 35).GroupBy(p => (p / 7 / rows, p % 7 / columns)).ToArray();
        SecondOrderCase.AssertNear(
            units.Select(unit => Exact.Rise(fisher, Exact.LeastChange(fisher, given.Doubles, [.. unit]))),
            units.Select(unit => unit.Sum(p => scores[p])));
        Assert.All(units, unit => Assert.Single(unit.Select(p => scores[p]).Distinct()));
    });

    [Fact]
    public void No_number_of_steps_does_worse_than_plain_masking_or_fewer_steps() => ForAll.Seeds(50, random =>
    {
        var given = SecondOrderCase.Random(random, outputs: 4, inputs: 9);
        var mask = given.Thinned(random, random.NextDouble());
        var fisher = Fisher(given);
        var former = double.PositiveInfinity;
        foreach (var steps in new[] { 0, 1, 2, 4, 8, 100 })
        {
            var weights = given.Compensated(new KFacCriterion(steps: steps), mask);
            var rise = Exact.Rise(fisher, [.. weights.Zip(given.Doubles, (w, before) => w - before)]);
            Assert.True(rise <= former * (1 + 1e-5), $"{steps} steps: {rise} after {former}");
            former = rise;
        }

        Assert.Equal(given.Weights.Select((w, i) => mask[i] ? w : 0), given.Compensated(new KFacCriterion(steps: 0), mask));
    });

    [Fact]
    public void A_layer_that_nothing_depends_on_scores_low_and_is_masked()
    {
        var nothing = new LayerEvidence { InputGram = new float[4], GradientGram = new float[] { 0 } };
        var given = SecondOrderCase.Of(1, 2, [1, 2], nothing);

        Assert.All(given.Scores(new KFacCriterion()), score => Assert.InRange(score, 0, 1e-3f));
        Assert.Equal([0, 2], given.Compensated(new KFacCriterion(), [false, true]));
        Assert.Equal([0, 2], given.Compensated(new KFacCriterion(dampening: 0), [false, true]));
    }

    private static double[,] Fisher(SecondOrderCase given) => Exact.Kronecker(
        Exact.Damped(given.Evidence.GradientGram.ToArray(), 1, 0.01),
        Exact.Damped(given.Evidence.InputGram.ToArray(), 1, 0.01));
}
