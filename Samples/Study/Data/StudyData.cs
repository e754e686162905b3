using Digits.Data;

namespace Study.Data;

/// <summary>The images of a study. Whatever there is to choose is chosen on the validation images; no test image takes part in it.</summary>
/// <param name="Name">What a reader sees.</param>
/// <param name="Train">What models learn from.</param>
/// <param name="Validation">What settings and methods are chosen on.</param>
/// <param name="Test">What the chosen are measured on; for tuning, the validation images again.</param>
internal sealed record StudyData(string Name, LabelledImages Train, LabelledImages Validation, LabelledImages Test)
{
    private const int Seed = 20_211;

    /// <summary>Splits a sixth of the training images off for validation, the same in every run; pixels are standardised.</summary>
    public static StudyData Of(ImageSet images)
    {
        var order = Enumerable.Range(0, images.Train.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var kept = order.Length - (order.Length / 6);
        return new StudyData(images.Name, Pick(images.Train, order[..kept]), Pick(images.Train, order[kept..]), images.Test).Standardised();
    }

    /// <summary>The same without the test images.</summary>
    public StudyData ForTuning() => this with { Name = $"{Name}-validation", Test = Validation };

    // Mean 0 and variance 1 over all pixels that models learn from: sparse models gain a point by it, dense ones hardly.
    private StudyData Standardised()
    {
        var mean = Train.Pixels.Average(pixel => (double)pixel);
        var deviation = Math.Sqrt(Train.Pixels.Average(pixel => Math.Pow(pixel - mean, 2)));
        LabelledImages Part(LabelledImages images) => images with { Pixels = Array.ConvertAll(images.Pixels, pixel => (float)((pixel - mean) / deviation)) };
        return this with { Train = Part(Train), Validation = Part(Validation), Test = Part(Test) };
    }

    private static LabelledImages Pick(LabelledImages images, int[] which)
    {
        var pixels = new float[which.Length * images.Features];
        for (var i = 0; i < which.Length; i++)
        {
            images.Pixels.AsSpan(which[i] * images.Features, images.Features).CopyTo(pixels.AsSpan(i * images.Features));
        }

        return new LabelledImages(images.Features, pixels, [.. which.Select(i => images.Labels[i])]);
    }
}
