namespace KernelGen.Pruning;

/// <summary>Masks for training that is sparse from the start: random, with the numbers of active weights that pruning would end with.</summary>
public static class RandomMasks
{
    /// <summary>Draws a mask for each layer; a dense layer's is full.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Equal seeds give equal masks.</param>
    /// <param name="budget">Spreads the sparsity over the layers; without one, the budget that the model declares, or the layers' own sparsities.</param>
    /// <returns>A mask per layer, row-major [out, in]: true for an active weight.</returns>
    /// <exception cref="ArgumentException">The budget doesn't fit the model.</exception>
    public static bool[][] Create(ModelDescriptor model, int seed, IBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var random = new Random(seed);
        var scores = model.Layers.Select(layer => new ReadOnlyMemory<float>(Scores(random, layer))).ToArray();
        return ModelPruner.PruneNow(model, scores, new MagnitudeCriterion(), budget);
    }

    private static float[] Scores(Random random, LayerDescriptor layer)
    {
        var scores = new float[layer.WeightCount];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = random.NextSingle();
        }

        return scores;
    }
}
