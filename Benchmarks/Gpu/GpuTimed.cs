namespace KernelGen.Benchmarks.Gpu;

/// <summary>A kernel to measure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Enqueue">Enqueues one call.</param>
/// <param name="Result">What of its result is checked.</param>
/// <param name="Expected">What the oracle says of that.</param>
/// <param name="StoredWeights">Weights that it multiplies for each sample, padding among them.</param>
/// <param name="Bytes">Bytes of weights and activations.</param>
internal sealed record GpuTimed(string Name, Action Enqueue, Func<float[]> Result, double[] Expected, long StoredWeights, double Bytes);
