using KernelGen.Formats;

namespace KernelGen.Benchmarks.Planning;

/// <summary>A kernel that could run.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Work">What it has to do.</param>
/// <param name="Cycles">What the cost model estimates.</param>
/// <param name="Seconds">What it takes.</param>
internal sealed record PlanningCandidate(string Kernel, PackWork Work, double Cycles, double Seconds);
