namespace KernelGen.Pruning;

/// <summary>How far a search for a permutation is; reported after each round of exchanges.</summary>
/// <param name="Layer">The layer's name; empty where a single matrix is searched.</param>
/// <param name="Escape">Finished attempts to escape from a local optimum.</param>
/// <param name="Escapes">All attempts.</param>
/// <param name="Kept">The sum of the scores that the best permutation so far keeps.</param>
public readonly record struct PermutationProgress(string Layer, int Escape, int Escapes, double Kept);
