namespace Digits.Data;

/// <summary>Images with their classes, split for training and testing.</summary>
/// <param name="Name">What a reader sees.</param>
/// <param name="Train">What the models learn from.</param>
/// <param name="Test">What they are measured on: the final model for the table, each epoch for the picture, never to choose anything.</param>
internal sealed record ImageSet(string Name, LabelledImages Train, LabelledImages Test)
{
    /// <summary>For choosing settings: tests on the last sixth of the training images, learns from the others.</summary>
    public ImageSet ForValidation()
    {
        var kept = Train.Count - (Train.Count / 6);
        return new ImageSet($"{Name}, validation", Train.Slice(0, kept), Train.Slice(kept, Train.Count));
    }
}

/// <summary>Images as row-major pixels in [0, 1], and a class for each.</summary>
/// <param name="Features">Pixels of an image.</param>
/// <param name="Pixels">[count, features].</param>
/// <param name="Labels">[count].</param>
internal sealed record LabelledImages(int Features, float[] Pixels, long[] Labels)
{
    public int Count => Labels.Length;

    public LabelledImages Slice(int start, int end)
        => new(Features, Pixels[(start * Features)..(end * Features)], Labels[start..end]);
}
