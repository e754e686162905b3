using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// Estimates what kernels take, so that a layer can choose: cycles for its units and steps, or for reading its pack from as near as the caches
/// hold it, whichever is more. Checked against measurements by the benchmark "planning".
/// </summary>
/// <param name="processor">The kind of processor whose cycles are counted.</param>
/// <param name="caches">Its caches.</param>
internal sealed class CostModel(ProcessorKind processor, CacheSizes caches)
{
    // Rows that are looked at; more change the estimate by less than the model's own error.
    private const int SampleRows = 128;
    private const int QuickSampleRows = 32;

    private readonly BytesPerCycle _reads = BytesPerCycle.On(processor);

    /// <summary>The model of the processor that this runs on.</summary>
    public static CostModel Current { get; } = new(Processor.Kind, CacheSizes.Current);

    /// <summary>Estimated cycles of a panel, or of a sample.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="weights">The weights that it would run on.</param>
    /// <param name="quick">Whether they would be packed quickly.</param>
    public double Cycles(Kernel kernel, SparseMatrix weights, bool quick)
    {
        // Runs of whole tiles or blocks; where the shape alone decides, there is nothing to look at.
        var sample = kernel.Format is TileFormat or GroupFormat
            ? weights
            : weights.Sample(quick ? QuickSampleRows : SampleRows, kernel.Format.PaddedRows(1));
        var work = PackWork.Of(sample, kernel.Format, quick).Times((double)weights.Rows / sample.Rows);
        var cost = kernel.Costs.On(processor);
        var computing = (cost.Unit * work.Units) + (cost.Step * work.Steps) + (cost.Shared * work.Shared);
        return Math.Max(computing, work.Bytes / _reads.For(work.Bytes, caches));
    }
}
