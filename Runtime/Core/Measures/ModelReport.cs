using System.Text.Json;
using KernelGen.Formats;
using KernelGen.Serialization;

namespace KernelGen.Measures;

/// <summary>
/// What a sparse model takes and gives, counted from its masks: sizes, operations, an energy proxy and, where they are known, the
/// quality of its predictions and the operations of its training. Prints as a table, draws a picture and serialises to JSON.
/// </summary>
/// <param name="Model">The model's name.</param>
/// <param name="Layers">Its layers, in order.</param>
/// <param name="Quality">Its predictions on a test set; null where unknown.</param>
/// <param name="TrainingFlops">Operations of training on one sample in one step (<see cref="Measures.TrainingFlops"/>); null where unknown.</param>
public sealed record ModelReport(string Model, IReadOnlyList<LayerReport> Layers, Quality? Quality = null, double? TrainingFlops = null)
{
    /// <summary>Weights, active or not.</summary>
    public long Weights => Layers.Sum(static layer => layer.Weights);

    /// <summary>Active weights.</summary>
    public long Nonzeros => Layers.Sum(static layer => layer.Nonzeros);

    /// <summary>Active weights and biases.</summary>
    public long Parameters => Layers.Sum(static layer => layer.Parameters);

    /// <summary>The fraction of weights that aren't active.</summary>
    public double Sparsity => 1 - ((double)Nonzeros / Weights);

    /// <summary>Bytes of active weights, indices and biases, with 4 bytes a value.</summary>
    public long Bytes => Layers.Sum(static layer => layer.Bytes);

    /// <summary>Bytes of the dense model.</summary>
    public long DenseBytes => Layers.Sum(static layer => layer.DenseBytes);

    /// <summary>How many times smaller than the dense model, indices included.</summary>
    public double Compression => (double)DenseBytes / Bytes;

    /// <summary>Operations of inference on one sample, two for each active weight.</summary>
    public long InferenceFlops => Layers.Sum(static layer => layer.InferenceFlops);

    /// <summary>The same for the dense model.</summary>
    public long DenseInferenceFlops => Layers.Sum(static layer => layer.DenseInferenceFlops);

    /// <summary>Picojoules of inference on one sample alone, by the default <see cref="EnergyProxy"/>.</summary>
    public double Energy => Layers.Sum(static layer => new EnergyProxy().Of(layer));

    /// <summary>The same for the dense model.</summary>
    public double DenseEnergy => Layers.Sum(static layer => new EnergyProxy().OfDense(layer));

    /// <summary>Right predictions per parameter; null where the quality is unknown.</summary>
    public double? ParameterEfficiency => (double?)Quality?.Correct / Parameters;

    /// <summary>Right predictions beyond guessing, weighed by their hardness, per parameter; null where the quality is unknown.</summary>
    public double? HardnessEfficiency => Quality?.Hardness / Parameters;

    /// <summary>Counts what masks take.</summary>
    /// <param name="model">The model.</param>
    /// <param name="masks">The active weights of every layer, in order, row-major [out, in].</param>
    /// <exception cref="ArgumentException">A size doesn't fit the model.</exception>
    public static ModelReport Of(ModelDescriptor model, IReadOnlyList<ReadOnlyMemory<bool>> masks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.Count != model.Layers.Count)
        {
            throw new ArgumentException($"Model '{model.Name}' has {model.Layers.Count} layers, but masks of {masks.Count} were given.", nameof(masks));
        }

        return new ModelReport(model.Name, [.. model.Layers.Select((layer, i) => Of(layer, masks[i].Span))]);
    }

    /// <summary>Counts what a model's present weights take.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">A layer has no weights yet.</exception>
    public static ModelReport Of(ISparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelReport(model.GetType().Name, [.. model.Layers.Select(static layer => Of(layer.Descriptor, layer.RequireState().Weights))]);
    }

    /// <summary>Adds how many predictions on a test set were right.</summary>
    /// <param name="correct">Right predictions.</param>
    /// <param name="samples">All predictions.</param>
    /// <param name="classes">Classes to choose from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ModelReport WithQuality(long correct, long samples, int classes)
        => this with { Quality = new Quality(correct, samples, classes).Checked() };

    /// <summary>The report as JSON, derived numbers included.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ModelReport);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">The text is no report.</exception>
    public static ModelReport FromJson(string json)
        => JsonSerializer.Deserialize(json, ReportJson.Default.ModelReport) ?? throw new JsonException("The text is null, not a report.");

    /// <summary>The report as a picture: for each layer its bytes and operations beside those of the dense one. SVG, for a file or a page.</summary>
    public string ToSvg() => ReportPicture.Write(this);

    /// <summary>The report as a plain table.</summary>
    public override string ToString() => ReportTable.Write(this);

    private static LayerReport Of(LayerDescriptor layer, ReadOnlySpan<bool> mask)
        => mask.Length == layer.WeightCount
            ? Of(layer, SparseMatrix.FromDense(new float[mask.Length], layer.OutFeatures, layer.InFeatures, mask))
            : throw new ArgumentException(
                $"A mask of layer '{layer.Name}' has {layer.WeightCount} elements ({layer.OutFeatures} x {layer.InFeatures}), not {mask.Length}.",
                nameof(mask));

    private static LayerReport Of(LayerDescriptor layer, SparseMatrix weights)
    {
        var grid = MaskGrid.Of(weights);
        var index = weights.IsFull ? null : MaskIndexes.Smallest(grid, layer.Pattern);
        return new LayerReport(
            layer.Name,
            layer.Pattern.ToString()!,
            layer.InFeatures,
            layer.OutFeatures,
            weights.Nonzeros,
            layer.Bias ? layer.OutFeatures : 0,
            index?.Name ?? "none",
            index?.ByteCount(grid) ?? 0);
    }
}
