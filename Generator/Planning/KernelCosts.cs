namespace KernelGen.Generator.Planning;

/// <summary>What a kernel is estimated to take on each kind of processor; the runtime chooses by the one that it finds.</summary>
/// <param name="Zen4">On AMD's Zen 4, and on whatever isn't known better.</param>
/// <param name="Xeon">On Intel's Xeons from Ice Lake on.</param>
internal sealed record KernelCosts(KernelCost Zen4, KernelCost Xeon);
