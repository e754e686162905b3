namespace KernelGen.Dispatch;

/// <summary>What a forward pass checks of its arguments, on whatever device.</summary>
internal static class ForwardArguments
{
    /// <summary>Checks a batch against the model's ends.</summary>
    /// <param name="input">Floats of the input.</param>
    /// <param name="output">Floats of the output.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="layout">The layout of both.</param>
    /// <param name="inFeatures">Inputs of a sample.</param>
    /// <param name="outFeatures">Outputs of a sample.</param>
    /// <exception cref="ArgumentException">One is out of range, or a length doesn't fit.</exception>
    public static void Check(long input, long output, int batch, Layout layout, int inFeatures, int outFeatures)
    {
        CheckBatch(batch);
        if (layout is not (Layout.RowMajor or Layout.FeatureMajor))
        {
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "The layout is neither row-major nor feature-major.");
        }

        CheckLength(input, batch, inFeatures, "inputs", nameof(input));
        CheckLength(output, batch, outFeatures, "outputs", nameof(output));
    }

    /// <exception cref="ArgumentOutOfRangeException">The batch is negative.</exception>
    public static void CheckBatch(int batch)
    {
        if (batch < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"A batch has 0 samples or more, not {batch}.");
        }
    }

    private static void CheckLength(long length, int batch, int features, string side, string name)
    {
        if (length != (long)batch * features)
        {
            throw new ArgumentException(
                $"A batch of {batch} with {features} {side} each takes {(long)batch * features} floats, not {length}.", name);
        }
    }
}
