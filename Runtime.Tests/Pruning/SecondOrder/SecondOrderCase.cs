using KernelGen.Pruning;
using Xunit;

namespace KernelGen.Runtime.Tests.Pruning;

/// <summary>A layer with random weights, and what the second-order criteria know about it.</summary>
internal sealed class SecondOrderCase
{
    private SecondOrderCase(LayerDescriptor layer, float[] weights, bool[] mask, LayerEvidence evidence)
        => (Layer, Weights, Mask, Evidence) = (layer, weights, mask, evidence);

    public LayerDescriptor Layer { get; }

    public float[] Weights { get; }

    public bool[] Mask { get; }

    public LayerEvidence Evidence { get; }

    public ScoreInput Input => new() { Layer = Layer, Weights = Weights, Mask = Mask, Evidence = Evidence };

    public static SecondOrderCase Of(int outputs, int inputs, float[] weights, LayerEvidence evidence, SparsityPattern? pattern = null)
        => new(
            Given.Layer("Fc1", inputs, outputs, pattern ?? new UnstructuredPattern(0.5)),
            weights,
            [.. Enumerable.Repeat(true, weights.Length)],
            evidence);

    /// <summary>Correlated samples, and a mask of some density; weights outside it are 0.</summary>
    public static SecondOrderCase Random(Random random, int outputs, int inputs, double density = 1, SparsityPattern? pattern = null)
    {
        var mask = Given.Mask(random, outputs * inputs, density);
        var weights = mask.Select(active => active ? (float)Normal(random) : 0).ToArray();
        var samples = random.Next(1, 40);
        var evidence = new LayerEvidence
        {
            SampleGradients = Samples(random, samples, outputs * inputs).SelectMany(g => g).Select(g => (float)g).ToArray(),
            InputGram = Gram(Samples(random, samples + inputs, inputs)),
            GradientGram = Gram(Samples(random, samples + outputs, outputs)),
        };
        return new(Given.Layer("Fc1", inputs, outputs, pattern ?? new UnstructuredPattern(0.5)), weights, mask, evidence);
    }

    public float[] Scores(ICriterion criterion, BlockGrid? units = null)
    {
        var scores = new float[Weights.Length];
        criterion.Score(units is { } grid ? Input with { Units = grid } : Input, scores);
        return scores;
    }

    public float[] Compensated(ICompensatingCriterion criterion, bool[] mask)
    {
        float[] weights = [.. Weights];
        criterion.Compensate(Input, mask, weights);
        Assert.All(Enumerable.Range(0, mask.Length).Where(i => !mask[i]), i => Assert.Equal(0, weights[i]));
        return weights;
    }

    /// <summary>The layer's mask without some of its weights.</summary>
    public bool[] Without(params IReadOnlyCollection<int> pruned) => [.. Mask.Select((active, i) => active && !pruned.Contains(i))];

    /// <summary>The layer's mask without a random share of its weights.</summary>
    public bool[] Thinned(Random random, double density) => [.. Mask.Select(active => active && random.NextDouble() < density)];

    public double[] Doubles => [.. Weights.Select(w => (double)w)];

    /// <summary>Equal up to a share of the largest number.</summary>
    public static void AssertNear(IEnumerable<double> expected, IEnumerable<float> actual, double tolerance = 1e-5)
    {
        var pairs = expected.Zip(actual).ToArray();
        var scale = Math.Max(1e-6, pairs.Max(pair => Math.Abs(pair.First)));
        Assert.All(pairs, pair => Assert.InRange(pair.Second, pair.First - (tolerance * scale), pair.First + (tolerance * scale)));
    }

    private static float[] Gram(double[][] samples)
    {
        var size = samples[0].Length;
        return [.. Enumerable.Range(0, size * size).Select(p => (float)samples.Average(x => x[p / size] * x[p % size]))];
    }

    /// <summary>Sums of a common and a private part, so that neighbours correlate.</summary>
    private static double[][] Samples(Random random, int count, int size) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var common = Normal(random);
        return Enumerable.Range(0, size).Select(_ => common + Normal(random)).ToArray();
    })];

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
