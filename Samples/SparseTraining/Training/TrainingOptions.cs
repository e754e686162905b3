namespace SparseTraining.Training;

/// <summary>What a run needs beside a method and data.</summary>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="LearningRate">Adam's, at the beginning; it falls as a cosine.</param>
/// <param name="Sparsity">The fraction of zeros, spread by ERK.</param>
/// <param name="Seed">Of weights, masks and the order of the data.</param>
internal sealed record TrainingOptions(int Epochs, int Batch, double LearningRate, double Sparsity, int Seed);
