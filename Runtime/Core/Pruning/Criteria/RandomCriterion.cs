namespace KernelGen.Pruning;

/// <summary>Scores weights at random, uniformly in [0, 1): the baseline that every criterion should beat.</summary>
/// <param name="seed">Equal seeds give equal scores, whatever the weights: they follow from the layer's name and the weight's place.</param>
public sealed class RandomCriterion(int seed = 0) : ICriterion
{
    /// <inheritdoc/>
    public void Score(ScoreInput input, Span<float> scores)
    {
        var start = Mix((uint)seed);
        foreach (var letter in input.Layer.Name)
        {
            start = Mix(start ^ letter);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            // As many bits as a float between 1/2 and 1 tells apart.
            scores[i] = (Mix(start + (ulong)i) >> 40) * (1f / (1 << 24));
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of the number.</summary>
    private static ulong Mix(ulong number)
    {
        number += 0x9e3779b97f4a7c15;
        number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
        number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
        return number ^ (number >> 31);
    }
}
