namespace KernelGen.Pruning;

/// <summary>
/// The active weights that pruning leaves at least, so that neither a layer nor an output runs dry. A layer or an output that has
/// fewer keeps all. Of a block layer whole blocks stay, as many as it takes. N:M layers keep N of every M anyway.
/// </summary>
public sealed record Minimum
{
    /// <summary>One weight a layer, what every budget leaves at least.</summary>
    public static Minimum One { get; } = new();

    /// <summary>Weights in each unstructured or block layer, at least 1; 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies below 1.</exception>
    public long PerLayer
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(PerLayer));
            field = value;
        }
    } = 1;

    /// <summary>Weights of each output (row) of an unstructured or block layer; 0 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies below 0.</exception>
    public int PerOutput
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(PerOutput));
            field = value;
        }
    }

    /// <summary>The weights that a layer keeps at least.</summary>
    internal long Of(LayerDescriptor layer)
        => Math.Min(layer.WeightCount, Math.Max(PerLayer, (long)layer.OutFeatures * Math.Min(layer.InFeatures, PerOutput)));
}
