namespace KernelGen.Generator.Model;

/// <summary>A [Prune] attribute.</summary>
internal sealed record PruneSpec(
    Criterion Criterion, Schedule Schedule, double Begin, double End, int Every, Budget Budget, double Sparsity,
    EquatableArray<double> Steps, int MinimumPerLayer, int MinimumPerOutput, PruningUnit Unit);
