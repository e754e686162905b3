namespace KernelGen.Pruning;

/// <summary>Evidence that a criterion can count on.</summary>
internal static class FiniteEvidence
{
    /// <summary>Reads a piece of evidence.</summary>
    /// <param name="layer">The layer that it tells about.</param>
    /// <param name="evidence">The numbers.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or one of them is NaN or infinite.</exception>
    public static ReadOnlySpan<float> Read(LayerDescriptor layer, ReadOnlyMemory<float> evidence, long length, string what)
    {
        if (evidence.Length != length)
        {
            throw new ArgumentException(
                $"Layer '{layer.Name}': this criterion needs {what}, {length} numbers, and has {evidence.Length}. "
                + "Measure them for this layer first, on batches of training data; nothing was changed.");
        }

        var values = evidence.Span;
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}': number {i} of {what} is {values[i]}, so no weight can be ranked. "
                    + "Restore the weights from before the run diverged, or look for NaN in the data; nothing was changed.");
            }
        }

        return values;
    }

    /// <summary>A dampening that is too small for the evidence.</summary>
    public static ArgumentException Singular(LayerDescriptor layer, string what, double dampening)
        => new(
            $"Layer '{layer.Name}': the matrix of {what} has no inverse with a dampening of {dampening}. "
            + "Raise the dampening tenfold, or measure on more data; nothing was changed.");
}
