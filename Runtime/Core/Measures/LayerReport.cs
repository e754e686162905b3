namespace KernelGen.Measures;

/// <summary>What one layer takes, counted from its mask.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Pattern">Its declared pattern, such as "2:4".</param>
/// <param name="InFeatures">Inputs.</param>
/// <param name="OutFeatures">Outputs.</param>
/// <param name="Nonzeros">Active weights.</param>
/// <param name="Biases">Biases: the outputs, or 0.</param>
/// <param name="Index">The smallest index format of a file for the mask; "none" where every weight is active.</param>
/// <param name="IndexBytes">Bytes of that index.</param>
public sealed record LayerReport(
    string Name, string Pattern, int InFeatures, int OutFeatures, long Nonzeros, long Biases, string Index, long IndexBytes)
{
    /// <summary>Weights, active or not.</summary>
    public long Weights => (long)InFeatures * OutFeatures;

    /// <summary>The fraction of weights that aren't active.</summary>
    public double Sparsity => 1 - ((double)Nonzeros / Weights);

    /// <summary>Active weights and biases.</summary>
    public long Parameters => Nonzeros + Biases;

    /// <summary>Bytes of active weights, their index and the biases, with 4 bytes a value.</summary>
    public long Bytes => (Parameters * sizeof(float)) + IndexBytes;

    /// <summary>Bytes of the dense layer, with 4 bytes a value.</summary>
    public long DenseBytes => (Weights + Biases) * sizeof(float);

    /// <summary>Operations of inference on one sample: a multiplication and an addition for each active weight.</summary>
    public long InferenceFlops => 2 * Nonzeros;

    /// <summary>The same for the dense layer.</summary>
    public long DenseInferenceFlops => 2 * Weights;
}
