namespace KernelGen.Formats;

/// <summary>
/// A packed layer, or a part of its rows, as an emitted kernel sees it; <see cref="PackFormat"/> says what lies where. Aligned to 64 bytes.
/// </summary>
/// <param name="rows">Outputs; the kernel numbers them from 0.</param>
/// <param name="values">Weights.</param>
/// <param name="indices">Columns, in the format's type.</param>
/// <param name="counts">Counts, in the format's type.</param>
/// <param name="bias">Biases, zero-padded to the format's padded rows; zeros where the layer has none.</param>
public readonly unsafe struct PackedWeights(int rows, float* values, void* indices, void* counts, float* bias)
{
    /// <summary>Outputs; the kernel numbers them from 0.</summary>
    public int Rows { get; } = rows;

    /// <summary>Weights.</summary>
    public float* Values { get; } = values;

    /// <summary>Columns, in the format's type.</summary>
    public void* Indices { get; } = indices;

    /// <summary>Counts, in the format's type.</summary>
    public void* Counts { get; } = counts;

    /// <summary>Biases, zero-padded to the format's padded rows; zeros where the layer has none.</summary>
    public float* Bias { get; } = bias;
}
