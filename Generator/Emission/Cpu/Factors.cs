using System.Collections.Generic;

namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Neighbouring floats of memory, each of which multiplies whole vectors, in loops that an instruction set has of its own.</summary>
/// <param name="Pointer">To the first.</param>
/// <param name="Names">A variable for each.</param>
internal sealed record Factors(string Pointer, IReadOnlyList<string> Names);
