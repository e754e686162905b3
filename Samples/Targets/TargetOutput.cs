namespace Targets;

/// <summary>What one target gave: logits, or the reason why there are none.</summary>
/// <param name="Reason">Why nothing ran; null where it did.</param>
/// <param name="IsFailure">Whether the target was there, and failed.</param>
/// <param name="Where">What the kernels ran on.</param>
/// <param name="SparseLayers">Layers that ran sparse kernels on the batch.</param>
/// <param name="Layers">All layers.</param>
/// <param name="Batch">Logits [images, classes] of all images in one batch.</param>
/// <param name="Singles">The same of images one by one.</param>
internal sealed record TargetOutput(
    string? Reason = null, bool IsFailure = false, string Where = "", int SparseLayers = 0, int Layers = 0, float[]? Batch = null, float[]? Singles = null)
{
    public static TargetOutput Missing(string reason) => new(reason);

    public static TargetOutput Failure(string reason) => new(reason, IsFailure: true);
}
