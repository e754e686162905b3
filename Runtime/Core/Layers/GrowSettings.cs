namespace KernelGen;

/// <summary>What a <see cref="GrowAttribute"/> declares, as data for training and tools.</summary>
/// <param name="Growth">Which weights become active, and when. The other settings are those of Set, RigL and Snfs alone.</param>
/// <param name="Share">The share of a layer's active weights that is replaced at the beginning, in (0, 1].</param>
/// <param name="Every">Optimiser steps between two changes of the masks, at least 1.</param>
/// <param name="End">Where changes end, as a fraction of the run in (0, 1].</param>
public sealed record GrowSettings(Growth Growth, double Share = 0.3, int Every = 100, double End = 0.75);
