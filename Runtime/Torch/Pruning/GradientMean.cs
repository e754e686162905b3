namespace KernelGen.Torch;

/// <summary>The exponential mean of a layer's dense gradient over the steps. It lives in the layer, as a part of the state of a run.</summary>
/// <param name="layer">The layer, which keeps its batches at every step.</param>
/// <param name="momentum">What part of the mean stays at each step.</param>
internal sealed class GradientMean(TrainedLayer layer, double momentum)
{
    private const int TileRows = 64;

    private readonly int _columns = layer.Layer.InFeatures;

    private float[] Mean => layer.GradientMean ??= new float[layer.Layer.WeightCount];

    /// <summary>Rows of the mean that <see cref="Add"/> would leave; the mean itself stays.</summary>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="mean">Receives them, row-major [rows, in].</param>
    /// <exception cref="InvalidOperationException">There is no batch.</exception>
    public void Next(int firstRow, int rows, Span<float> mean)
    {
        layer.DenseGradient(firstRow, rows, mean);
        var former = Mean.AsSpan(firstRow * _columns, rows * _columns);
        for (var i = 0; i < former.Length; i++)
        {
            mean[i] = (float)((former[i] * momentum) + (mean[i] * (1 - momentum)));
        }
    }

    /// <summary>Adds the gradient of the batches that were kept.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public void Add()
    {
        var tile = new float[Math.Min(TileRows, layer.Layer.OutFeatures) * _columns];
        for (var first = 0; first < layer.Layer.OutFeatures; first += TileRows)
        {
            var rows = Math.Min(TileRows, layer.Layer.OutFeatures - first);
            var next = tile.AsSpan(0, rows * _columns);
            Next(first, rows, next);
            next.CopyTo(Mean.AsSpan(first * _columns));
        }
    }
}
