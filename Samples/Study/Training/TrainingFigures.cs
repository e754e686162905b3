using KernelGen.Torch;

namespace Study.Training;

/// <summary>What training took.</summary>
internal sealed class TrainingFigures
{
    private TimeSpan _time;
    private long _steps;

    /// <summary>The mean step in milliseconds; null where there was none.</summary>
    public double? StepMilliseconds => _steps > 0 ? _time.TotalMilliseconds / _steps : null;

    /// <summary>The most bytes of weights, masks, packed copies and what the optimiser remembers.</summary>
    public long Bytes { get; private set; }

    public void Add(TimeSpan step)
    {
        _time += step;
        _steps++;
    }

    public void Measure(SparseModule module) => Bytes = Math.Max(Bytes, BytesOf(module));

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
