namespace KernelGen.Measures;

/// <summary>
/// A proxy for the energy of inference, not a measurement: operations and words moved, times published energies of a 45 nm process
/// at 32 bits (Horowitz 2014, ISSCC; the table of Han et al. 2015, arXiv 1506.02626). It ranks models; it predicts no machine.
/// </summary>
public sealed record EnergyProxy
{
    private const int Word = 4;

    /// <summary>Picojoules of a multiplication.</summary>
    public double Multiplication { get; init; } = 3.7;

    /// <summary>Picojoules of an addition.</summary>
    public double Addition { get; init; } = 0.9;

    /// <summary>Picojoules of a word from or to a cache.</summary>
    public double CacheWord { get; init; } = 5;

    /// <summary>Picojoules of a word from memory.</summary>
    public double MemoryWord { get; init; } = 640;

    /// <summary>
    /// Picojoules of inference on one sample: nonzeros (multiplication + addition) + (inputs + outputs) cache words + weights, index
    /// and biases as memory words, which a batch reads once.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batch">Samples that share one reading of the weights, at least 1.</param>
    public double Of(LayerReport layer, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Of(layer.Nonzeros, layer.Bytes, layer, batch);
    }

    /// <summary>The same for the dense layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batch">Samples that share one reading of the weights, at least 1.</param>
    public double OfDense(LayerReport layer, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Of(layer.Weights, layer.DenseBytes, layer, batch);
    }

    private double Of(long weights, long bytes, LayerReport layer, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return (weights * (Multiplication + Addition))
            + (((long)layer.InFeatures + layer.OutFeatures) * CacheWord)
            + ((double)bytes / Word * MemoryWord / batch);
    }
}
