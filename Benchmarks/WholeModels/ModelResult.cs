namespace KernelGen.Benchmarks.WholeModels;

/// <summary>What one contestant took.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="Contestant">Its name.</param>
/// <param name="Microseconds">Of one call, the median.</param>
/// <param name="OverIt">How many times as fast KernelGen was, the median of the rounds.</param>
/// <param name="Goal">How many times as fast we want to be; null where no goal is set.</param>
internal sealed record ModelResult(int Batch, string Contestant, double Microseconds, double OverIt, double? Goal);
