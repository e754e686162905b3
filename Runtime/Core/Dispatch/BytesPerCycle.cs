namespace KernelGen.Dispatch;

/// <summary>Bytes of a stream that a processor reads in a cycle of multiply-adds.</summary>
/// <param name="L1">From the first cache.</param>
/// <param name="L2">From the second.</param>
/// <param name="L3">From the third.</param>
/// <param name="Memory">From beyond.</param>
internal sealed record BytesPerCycle(double L1, double L2, double L3, double Memory)
{
    private static readonly BytesPerCycle Zen4 = new(45, 29, 22, 6.5);
    private static readonly BytesPerCycle Xeon = new(64, 46, 9.9, 6.5);

    public static BytesPerCycle On(ProcessorKind processor) => processor switch
    {
        ProcessorKind.Zen4 => Zen4,
        ProcessorKind.Xeon => Xeon,
        _ => throw new ArgumentOutOfRangeException(nameof(processor)),
    };

    /// <summary>From the nearest cache that holds them all.</summary>
    /// <param name="bytes">Bytes of the stream.</param>
    /// <param name="caches">The processor's caches.</param>
    public double For(double bytes, CacheSizes caches)
        => bytes <= caches.L1 ? L1 : bytes <= caches.L2 ? L2 : bytes <= caches.L3 ? L3 : Memory;
}
