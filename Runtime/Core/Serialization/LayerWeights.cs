using KernelGen.Formats;

namespace KernelGen.Serialization;

/// <summary>What a file holds for a layer.</summary>
/// <param name="Matrix">Weights and mask.</param>
/// <param name="Bias">Biases [out]; empty where the layer has none.</param>
internal sealed record LayerWeights(SparseMatrix Matrix, float[] Bias);
