using Digits.Data;

namespace Targets.Reporting;

/// <summary>What one target gave, beside the reference.</summary>
/// <param name="Target">The target.</param>
/// <param name="Where">What the kernels ran on.</param>
/// <param name="Reason">Why it didn't run; null where it did.</param>
/// <param name="IsWrong">Whether it failed, or is too far from the reference.</param>
/// <param name="SparseLayers">Layers that ran sparse kernels on the batch.</param>
/// <param name="Layers">All layers.</param>
/// <param name="Accuracy">The share of images that it reads right, in one batch.</param>
/// <param name="BatchDifference">The largest difference of a logit, over the largest logit, in one batch.</param>
/// <param name="SingleDifference">The same of images one by one.</param>
/// <param name="SameAnswers">Images that it reads as the reference does, in one batch and alone.</param>
internal sealed record Row(
    Target Target,
    string Where,
    string? Reason,
    bool IsWrong,
    int SparseLayers = 0,
    int Layers = 0,
    double Accuracy = 0,
    double BatchDifference = 0,
    double SingleDifference = 0,
    int SameAnswers = 0)
{
    private const double Agreed = 1e-4;

    public static Row Of(Target target, TargetOutput output, double[] reference, LabelledImages images)
    {
        if (output is not { Batch: { } inBatch, Singles: { } inSingles })
        {
            return new Row(target, output.Where, output.Reason ?? "it printed no logits", output.IsFailure || output.Reason is null);
        }

        var (batch, singles) = (Array.ConvertAll(inBatch, value => (double)value), Array.ConvertAll(inSingles, value => (double)value));
        var (read, readAlone, right) = (Predictions(batch, images), Predictions(singles, images), Predictions(reference, images));
        var row = new Row(
            target,
            output.Where,
            null,
            IsWrong: false,
            output.SparseLayers,
            output.Layers,
            AccuracyOf(batch, images),
            Difference(batch, reference),
            Difference(singles, reference),
            Enumerable.Range(0, images.Count).Count(i => read[i] == right[i] && readAlone[i] == right[i]));
        // Not NaN either.
        var agrees = row.BatchDifference <= Agreed && row.SingleDifference <= Agreed && row.SameAnswers == images.Count;
        return row with { IsWrong = !agrees };
    }

    public static double AccuracyOf(double[] logits, LabelledImages images)
        => (double)Predictions(logits, images).Where((label, i) => label == images.Labels[i]).Count() / images.Count;

    private static int[] Predictions(double[] logits, LabelledImages images)
        => [.. logits.Chunk(logits.Length / images.Count).Select(row => row.IndexOf(row.Max()))];

    private static double Difference(double[] logits, double[] reference)
        => logits.Zip(reference, (a, b) => Math.Abs(a - b)).Aggregate(0.0, Math.Max) / reference.Max(Math.Abs);
}
