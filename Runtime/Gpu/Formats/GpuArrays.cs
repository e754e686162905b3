namespace KernelGen.Gpu.Formats;

/// <summary>A layer's weights as a kernel reads them.</summary>
/// <param name="Starts">Where the pairs or blocks of rows begin; empty where nothing is counted.</param>
/// <param name="Places">Columns; empty where values carry them, or none are needed.</param>
/// <param name="Values">Weights.</param>
/// <param name="StoredWeights">Weights that the kernel multiplies, padding among them.</param>
internal sealed record GpuArrays(int[] Starts, int[] Places, float[] Values, long StoredWeights)
{
    public long Bytes => sizeof(float) * ((long)Starts.Length + Places.Length + Values.Length);
}
