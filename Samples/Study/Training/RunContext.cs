using Digits.Data;
using KernelGen.Measures;

namespace Study.Training;

/// <summary>What a method gets to know of its run.</summary>
/// <param name="Architecture">The classes to train.</param>
/// <param name="Train">The training images.</param>
/// <param name="Sparsity">The fraction of zeros to reach over all layers.</param>
/// <param name="Seed">Of weights, masks and the order of the data.</param>
/// <param name="EpochSteps">Optimiser steps of an epoch.</param>
/// <param name="Epochs">Epochs of the run.</param>
internal sealed record RunContext(Architecture Architecture, LabelledImages Train, double Sparsity, int Seed, int EpochSteps, int Epochs)
{
    public long TotalSteps => (long)EpochSteps * Epochs;

    /// <summary>Operations of a dense forward pass on one sample.</summary>
    public double DenseFlops => 2.0 * Architecture.Descriptor.Layers.Sum(layer => layer.WeightCount);
}
