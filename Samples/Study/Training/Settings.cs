using System.Globalization;

namespace Study.Training;

/// <summary>What tuning chooses; AdamW and a cosine that ends at 0 are the same for all.</summary>
/// <param name="LearningRate">At the beginning.</param>
/// <param name="Dropout">The share of activations that is dropped behind each layer but the last.</param>
/// <param name="WeightDecay">AdamW's.</param>
/// <param name="LabelSmoothing">The share of a label that is spread over all classes.</param>
internal sealed record Settings(double LearningRate, double Dropout = 0, double WeightDecay = 0, double LabelSmoothing = 0)
{
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"lr{LearningRate}-dropout{Dropout}-decay{WeightDecay}-smoothing{LabelSmoothing}");
}
