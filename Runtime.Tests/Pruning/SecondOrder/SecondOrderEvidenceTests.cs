using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

public sealed class SecondOrderEvidenceTests
{
    public static TheoryData<ICompensatingCriterion, LayerEvidence, string> Wrong { get; } = new()
    {
        { new WoodFisherCriterion(), LayerEvidence.None, "the gradients of single samples, 6 numbers, and has 0" },
        { new WoodFisherCriterion(), new() { SampleGradients = new float[13] }, "the gradients of single samples, 12 numbers, and has 13" },
        { new WoodFisherCriterion(), new() { SampleGradients = With(18, 14, float.NaN) }, "number 14 of the gradients of single samples is NaN" },
        { new SparseGptCriterion(), LayerEvidence.None, "the products of inputs, 9 numbers, and has 0" },
        { new SparseGptCriterion(), new() { InputGram = new float[4] }, "the products of inputs, 9 numbers, and has 4" },
        { new SparseGptCriterion(), new() { InputGram = With(9, 8, float.NaN) }, "number 8 of the products of inputs is NaN" },
        { new KFacCriterion(), new() { InputGram = With(9, 0, 1) }, "the products of gradients, 4 numbers, and has 0" },
        { new KFacCriterion(), new() { GradientGram = With(4, 0, 1) }, "the products of inputs, 9 numbers, and has 0" },
        {
            new KFacCriterion(),
            new() { InputGram = new float[9], GradientGram = With(4, 3, float.PositiveInfinity) },
            "number 3 of the products of gradients is"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_missing_or_not_a_number_is_named_and_nothing_changes(ICompensatingCriterion criterion, LayerEvidence evidence, string message)
    {
        var given = SecondOrderCase.Of(2, 3, [1, 2, 3, 4, 5, 6], evidence);
        float[] weights = [.. given.Weights];
        float[] scores = [7, 7, 7, 7, 7, 7];

        foreach (var act in new Action[]
        {
            () => criterion.Score(given.Input, scores),
            () => criterion.Compensate(given.Input, given.Without(0), weights),
        })
        {
            var error = Assert.Throws<ArgumentException>(act);
            Assert.StartsWith("Layer 'Fc1': ", error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(given.Weights, weights);
        Assert.All(scores, score => Assert.Equal(7, score));
    }

    [Fact]
    public void Each_says_what_it_needs()
    {
        Assert.Equal(Evidence.SampleGradients, new WoodFisherCriterion().Needs);
        Assert.Equal(Evidence.InputGram, new SparseGptCriterion().Needs);
        Assert.Equal(Evidence.InputGram | Evidence.GradientGram, new KFacCriterion().Needs);
    }

    [Fact]
    public void Settings_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WoodFisherCriterion(blockSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WoodFisherCriterion(dampening: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WoodFisherCriterion(dampening: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseGptCriterion(blockSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SparseGptCriterion(dampening: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KFacCriterion(dampening: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KFacCriterion(steps: -1));
    }

    [Fact]
    public void Weights_may_be_changed_where_they_are_read()
    {
        var random = new Random(3);
        var given = SecondOrderCase.Random(random, outputs: 3, inputs: 8);
        var mask = given.Thinned(random, 0.5);
        foreach (var criterion in new ICompensatingCriterion[] { new WoodFisherCriterion(), new KFacCriterion(), new SparseGptCriterion() })
        {
            var expected = given.Compensated(criterion, mask);
            float[] weights = [.. given.Weights];
            var input = new ScoreInput { Layer = given.Layer, Weights = weights, Mask = given.Mask, Evidence = given.Evidence };

            criterion.Compensate(input, mask, weights);

            Assert.Equal(expected, weights);
        }
    }

    private static float[] With(int length, int place, float value)
    {
        var values = new float[length];
        values[place] = value;
        return values;
    }
}
