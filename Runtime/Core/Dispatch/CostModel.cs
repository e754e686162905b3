using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// Estimates what kernels take, so that a layer can choose: cycles for its units and steps, or for reading its pack from as near as the caches
/// hold it, whichever is more. Checked against measurements by the benchmark "planning".
/// </summary>
internal static class CostModel
{
    // Rows that are looked at; more change the estimate by less than the model's own error.
    private const int SampleRows = 128;
    private const int QuickSampleRows = 32;

    // Bytes of a stream that a processor reads in a cycle of multiply-adds.
    private const double FromL1 = 45;
    private const double FromL2 = 29;
    private const double FromL3 = 22;
    private const double FromMemory = 6.5;

    /// <summary>Estimated cycles of a panel, or of a sample.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="weights">The weights that it would run on.</param>
    /// <param name="quick">Whether they would be packed quickly.</param>
    public static double Cycles(Kernel kernel, SparseMatrix weights, bool quick)
    {
        // Runs of whole tiles or blocks; where the shape alone decides, there is nothing to look at.
        var sample = kernel.Format is TileFormat or GroupFormat
            ? weights
            : weights.Sample(quick ? QuickSampleRows : SampleRows, kernel.Format.PaddedRows(1));
        var work = PackWork.Of(sample, kernel.Format, quick).Times((double)weights.Rows / sample.Rows);
        var cost = kernel.Cost;
        var computing = (cost.Unit * work.Units) + (cost.Step * work.Steps) + (cost.Shared * work.Shared);
        return Math.Max(computing, work.Bytes / BytesPerCycle(work.Bytes));
    }

    private static double BytesPerCycle(double bytes)
    {
        var caches = CacheSizes.Current;
        return bytes <= caches.L1 ? FromL1 : bytes <= caches.L2 ? FromL2 : bytes <= caches.L3 ? FromL3 : FromMemory;
    }
}
