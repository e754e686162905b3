namespace KernelGen.Pruning;

/// <summary>
/// The flow R = 1^T prod |W_l| 1 through a model's active weights, as if every activation were the identity and every input 1: two products
/// of a matrix and a vector for each layer, in double precision.
/// </summary>
internal static class SynapticFlow
{
    /// <summary>Computes d ln R / d|W| of every weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Row-major [out, in], for each layer.</param>
    /// <param name="masks">The active weights, in the same form.</param>
    /// <returns>In the same form; 0 throughout where nothing flows any more.</returns>
    /// <exception cref="ArgumentException">A layer doesn't take as many inputs as the one before has outputs.</exception>
    public static float[][] Measure(ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<Memory<bool>> masks)
    {
        ThrowIfBroken(model);
        var last = model.Layers.Count - 1;
        var forward = new double[last + 1][];
        var backward = new double[last + 1][];
        for (var l = 0; l <= last; l++)
        {
            forward[l] = l == 0
                ? Scaled(Ones(model.InFeatures))
                : Scaled(Outputs(weights[l - 1].Span, masks[l - 1].Span, forward[l - 1], model.Layers[l].InFeatures));
        }

        for (var l = last; l >= 0; l--)
        {
            backward[l] = l == last
                ? Scaled(Ones(model.OutFeatures))
                : Scaled(Inputs(weights[l + 1].Span, masks[l + 1].Span, backward[l + 1], model.Layers[l].OutFeatures));
        }

        return [.. model.Layers.Select((layer, l) => Outer(weights[l].Span, masks[l].Span, backward[l], forward[l]))];
    }

    /// <summary>
    /// dR/d|W| / R of a layer. R is backward^T |W| forward at every layer, so that the factors by which the vectors were scaled cancel.
    /// </summary>
    private static float[] Outer(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask, double[] backward, double[] forward)
    {
        var total = Dot(Outputs(weights, mask, forward, backward.Length), backward);
        var flow = new float[weights.Length];
        for (var i = 0; i < flow.Length && total > 0; i++)
        {
            flow[i] = (float)(backward[i / forward.Length] * forward[i % forward.Length] / total);
        }

        return flow;
    }

    private static double[] Outputs(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask, double[] inputs, int count)
    {
        var outputs = new double[count];
        for (var i = 0; i < weights.Length; i++)
        {
            outputs[i / inputs.Length] += mask[i] ? Math.Abs(weights[i]) * inputs[i % inputs.Length] : 0;
        }

        return outputs;
    }

    private static double[] Inputs(ReadOnlySpan<float> weights, ReadOnlySpan<bool> mask, double[] outputs, int count)
    {
        var inputs = new double[count];
        for (var i = 0; i < weights.Length; i++)
        {
            inputs[i % count] += mask[i] ? Math.Abs(weights[i]) * outputs[i / count] : 0;
        }

        return inputs;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, static (x, y) => x * y).Sum();

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    /// <summary>Of sum 1, so that no model is too deep for doubles.</summary>
    private static double[] Scaled(double[] vector)
    {
        var sum = vector.Sum();
        return sum > 0 ? Array.ConvertAll(vector, value => value / sum) : vector;
    }

    private static void ThrowIfBroken(ModelDescriptor model)
    {
        for (var l = 1; l < model.Layers.Count; l++)
        {
            if (model.Layers[l].InFeatures != model.Layers[l - 1].OutFeatures)
            {
                throw new ArgumentException(
                    $"Layer '{model.Layers[l].Name}' takes {model.Layers[l].InFeatures} inputs, and '{model.Layers[l - 1].Name}' has "
                    + $"{model.Layers[l - 1].OutFeatures} outputs: flow runs through layers that follow each other.",
                    nameof(model));
            }
        }
    }
}
