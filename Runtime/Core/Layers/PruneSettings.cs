namespace KernelGen;

/// <summary>What a <see cref="PruneAttribute"/> declares, as data for training and tools.</summary>
/// <param name="Criterion">The score by which weights are ranked.</param>
/// <param name="Schedule">How sparsity grows over the run.</param>
/// <param name="Begin">Where pruning begins, as a fraction of the run in [0, 1].</param>
/// <param name="End">Where the target is reached, as a fraction of the run in [0, 1].</param>
/// <param name="Every">Optimiser steps between two updates of the masks.</param>
/// <param name="Budget">How sparsity is spread over the layers.</param>
/// <param name="Sparsity">The model-wide fraction of zeros, for every budget but <see cref="KernelGen.Budget.ByHand"/>.</param>
/// <param name="Steps">Where <see cref="KernelGen.Schedule.MultiStep"/> prunes, as ascending fractions of the run; null for other schedules.</param>
/// <param name="MinimumPerLayer">Active weights that each unstructured or block layer keeps at least.</param>
/// <param name="MinimumPerOutput">Active weights that each output of such a layer keeps at least.</param>
/// <param name="Unit">What is pruned at a time.</param>
public sealed record PruneSettings(
    Criterion Criterion,
    Schedule Schedule,
    double Begin = 0,
    double End = 1,
    int Every = 100,
    Budget Budget = Budget.ByHand,
    double Sparsity = 0,
    IReadOnlyList<double>? Steps = null,
    int MinimumPerLayer = 1,
    int MinimumPerOutput = 0,
    PruningUnit Unit = PruningUnit.Pattern);
