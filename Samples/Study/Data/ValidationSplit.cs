using Digits.Data;

namespace Study.Data;

/// <summary>Training images alone, split in two: for choosing settings, so that no test image takes part in it.</summary>
internal static class ValidationSplit
{
    private const int Seed = 20_211;

    /// <summary>Learns from five sixths of the training images and tests on the rest; the same split in every run.</summary>
    public static ImageSet Of(ImageSet data)
    {
        var order = Enumerable.Range(0, data.Train.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var kept = order.Length - (order.Length / 6);
        return new ImageSet($"{data.Name}-validation", Pick(data.Train, order[..kept]), Pick(data.Train, order[kept..]));
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
