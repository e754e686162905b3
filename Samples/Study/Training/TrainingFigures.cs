using KernelGen.Torch;

namespace Study.Training;

/// <summary>What training took.</summary>
/// <param name="isWhole">Whether it began at the first step. What a resumed run took is not known: it was stopped where a method may be dense or sparse.</param>
internal sealed class TrainingFigures(bool isWhole)
{
    private TimeSpan _time;
    private long _steps;
    private long _bytes;

    /// <summary>The mean step in milliseconds; null of a resumed run.</summary>
    public double? StepMilliseconds => isWhole && _steps > 0 ? _time.TotalMilliseconds / _steps : null;

    /// <summary>The most bytes of weights, masks, packed copies and what the optimiser remembers, at the ends of epochs; null of a resumed run.</summary>
    public long? Bytes => isWhole ? _bytes : null;

    public void Add(TimeSpan step)
    {
        _time += step;
        _steps++;
    }

    public void Measure(SparseModule module) => _bytes = Math.Max(_bytes, BytesOf(module));

    // AdamW remembers two numbers for each parameter.
    private static long BytesOf(SparseModule module)
        => (module.parameters().Sum(parameter => parameter.NumberOfElements) * 3 * sizeof(float))
            + module.Layers.Sum(layer => layer switch
            {
                SparseLinear sparse => sparse.PackedBytes,
                _ when layer.Layer.Pattern is KernelGen.DensePattern => 0,
                _ => layer.Layer.WeightCount * sizeof(bool),
            });
}
