namespace KernelGen.Pruning;

/// <summary>
/// Orders the inputs of a model's N:M layers so that pruning keeps most magnitude, and the outputs before them to match, so that the
/// model computes the same function. Weights and biases only change their places, bit for bit; outputs differ by the rounding of
/// sums that run in another order.
/// </summary>
public static class ModelPermutation
{
    /// <summary>
    /// Permutes dense weights, before they are pruned: rows that change places would break the blocks of a pruned block layer. The
    /// layer before an N:M layer may have any pattern, as long as it isn't pruned yet.
    /// </summary>
    /// <param name="model">The model; N:M layers are permuted, others only follow.</param>
    /// <param name="weights">The weights of every layer, in order, dense and row-major [out, in].</param>
    /// <param name="biases">The biases of every layer; empty for a layer without.</param>
    /// <param name="criterion">What a weight is worth, by the weights alone; |w| unless given.</param>
    /// <param name="search">How hard to search; optional.</param>
    /// <param name="progress">Hears of each round, with the layer's name; optional.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ArgumentException">A size doesn't fit the model, or a score is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static PermutedModel Permute(
        ModelDescriptor model,
        IReadOnlyList<ReadOnlyMemory<float>> weights,
        IReadOnlyList<ReadOnlyMemory<float>> biases,
        ICriterion? criterion = null,
        PermutationSearch? search = null,
        IProgress<PermutationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        CheckSizes(model, weights, biases);
        criterion ??= new MagnitudeCriterion();
        int[][] orders = [.. model.Layers.Select((layer, i) => Order(layer, weights[i].Span, criterion, search, progress, cancellation))];
        return Apply(model, weights, biases, orders);
    }

    /// <summary>Brings the inputs of every layer into a given order, and the outputs before them to match.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The weights of every layer, in order, row-major [out, in].</param>
    /// <param name="biases">The biases of every layer; empty for a layer without.</param>
    /// <param name="orders">For every layer the order of its inputs: place j is for what was input order[j].</param>
    /// <exception cref="ArgumentException">A size doesn't fit the model, or an order doesn't hold every input once.</exception>
    public static PermutedModel Apply(
        ModelDescriptor model,
        IReadOnlyList<ReadOnlyMemory<float>> weights,
        IReadOnlyList<ReadOnlyMemory<float>> biases,
        IReadOnlyList<int[]> orders)
    {
        CheckSizes(model, weights, biases);
        ArgumentNullException.ThrowIfNull(orders);
        if (orders.Count != model.Layers.Count)
        {
            throw new ArgumentException($"Model '{model.Name}' has {model.Layers.Count} layers, but orders of {orders.Count} were given.", nameof(orders));
        }

        int[][] inputs = [.. model.Layers.Select((layer, i) => Named(layer, orders[i]))];
        int[][] outputs = [.. inputs[1..], [.. Enumerable.Range(0, model.OutFeatures)]];
        return new PermutedModel(
            [.. weights.Select((layer, i) => Permuted(layer.Span, outputs[i], inputs[i]))],
            [.. biases.Select((bias, i) => bias.IsEmpty ? [] : outputs[i].Select(output => bias.Span[output]).ToArray())],
            inputs);
    }

    private static int[] Order(
        LayerDescriptor layer,
        ReadOnlySpan<float> weights,
        ICriterion criterion,
        PermutationSearch? search,
        IProgress<PermutationProgress>? progress,
        CancellationToken cancellation)
    {
        if (layer.Pattern is not NMPattern pattern)
        {
            return [.. Enumerable.Range(0, layer.InFeatures)];
        }

        var scores = new float[weights.Length];
        var active = new bool[weights.Length];
        for (var i = 0; i < active.Length; i++)
        {
            active[i] = weights[i] != 0;
        }

        EvidenceCheck.ThrowIfMissing(layer, criterion, LayerEvidence.None, "Permute by a criterion that looks at weights alone.");
        criterion.Score(new ScoreInput { Layer = layer, Weights = weights, Mask = active, Evidence = LayerEvidence.None }, scores);
        try
        {
            return NMPermutation.Find(
                scores, layer.InFeatures, pattern.N, pattern.M, search, progress is null ? null : new OfLayer(layer.Name, progress), cancellation);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"Layer '{layer.Name}': {exception.Message}", nameof(weights), exception);
        }
    }

    private static int[] Named(LayerDescriptor layer, int[] order)
    {
        try
        {
            return InputOrder.Checked(order, layer.InFeatures);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"Layer '{layer.Name}': {exception.Message}", nameof(order), exception);
        }
    }

    private static float[] Permuted(ReadOnlySpan<float> weights, int[] rows, int[] columns)
    {
        var permuted = new float[weights.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var from = weights.Slice(rows[row] * columns.Length, columns.Length);
            for (var column = 0; column < columns.Length; column++)
            {
                permuted[(row * columns.Length) + column] = from[columns[column]];
            }
        }

        return permuted;
    }

    private static void CheckSizes(
        ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<float>> weights, IReadOnlyList<ReadOnlyMemory<float>> biases)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        if (weights.Count != model.Layers.Count || biases.Count != model.Layers.Count)
        {
            throw new ArgumentException(
                $"Model '{model.Name}' has {model.Layers.Count} layers; given are the weights of {weights.Count} and the biases of {biases.Count}.");
        }

        for (var i = 0; i < weights.Count; i++)
        {
            var layer = model.Layers[i];
            if (weights[i].Length != layer.WeightCount || biases[i].Length != (layer.Bias ? layer.OutFeatures : 0))
            {
                throw new ArgumentException(
                    $"Layer '{layer.Name}' has {layer.OutFeatures} x {layer.InFeatures} weights and {(layer.Bias ? layer.OutFeatures : 0)} biases; "
                    + $"given are {weights[i].Length} and {biases[i].Length}.");
            }
        }
    }

    private sealed class OfLayer(string layer, IProgress<PermutationProgress> progress) : IProgress<PermutationProgress>
    {
        public void Report(PermutationProgress value) => progress.Report(value with { Layer = layer });
    }
}
