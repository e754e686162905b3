using KernelGen.Benchmarks.Models;

namespace KernelGen.Benchmarks.Kernels;

/// <summary>What the benchmark measures, and the goals: speed-ups over the best dense product, on AVX-512.</summary>
internal static class KernelCases
{
    public static IReadOnlyList<KernelCase> All { get; } = [.. Spmm(), .. Spmv(), .. SmallBatches()];

    private static IEnumerable<KernelCase> Spmm() =>
    [
        .. Spmm<Shape512x512.Dense, Shape1024x1024.Dense, Shape3072x768.Dense>((0, 1.0)),
        .. Spmm<Shape512x512.Unstructured, Shape1024x1024.Unstructured, Shape3072x768.Unstructured>(
            (0.7, 2.4), (0.8, 3.4), (0.9, 6), (0.95, 10), (0.98, null), (0.99, null)),
        .. Spmm<Shape512x512.NM2Of4, Shape1024x1024.NM2Of4, Shape3072x768.NM2Of4>((0.5, 1.65)),
        .. Spmm<Shape512x512.NM1Of4, Shape1024x1024.NM1Of4, Shape3072x768.NM1Of4>((0.75, 3.0)),
        .. Spmm<Shape512x512.NM1Of8, Shape1024x1024.NM1Of8, Shape3072x768.NM1Of8>((0.875, 5.5)),
        .. Spmm<Shape512x512.NM4Of8, Shape1024x1024.NM4Of8, Shape3072x768.NM4Of8>((0.5, 1.6)),
        .. Spmm<Shape512x512.NM2Of8, Shape1024x1024.NM2Of8, Shape3072x768.NM2Of8>((0.75, 2.8)),
        .. Spmm<Shape512x512.NM4Of16, Shape1024x1024.NM4Of16, Shape3072x768.NM4Of16>((0.75, 2.8)),
        .. Spmm<Shape512x512.Block16x1, Shape1024x1024.Block16x1, Shape3072x768.Block16x1>((0.7, 3.25), (0.9, 9.5), (0.95, 18)),
        .. Spmm<Shape512x512.Block4x4, Shape1024x1024.Block4x4, Shape3072x768.Block4x4>((0.7, 3.25), (0.9, 9.5), (0.95, 18)),
        .. Spmm<Shape512x512.Block8x8, Shape1024x1024.Block8x8, Shape3072x768.Block8x8>((0.7, 3.25), (0.9, 9.5), (0.95, 18)),
        .. Spmm<Shape512x512.Block1x8, Shape1024x1024.Block1x8, Shape3072x768.Block1x8>((0.7, 2.2), (0.9, 6), (0.95, 10)),
    ];

    private static IEnumerable<KernelCase> Spmv() =>
    [
        KernelCase.Of<Shape1024x1024.NM2Of4, Shape1024x1024.Dense>(1, 0.5, 2.3),
        KernelCase.Of<Shape4096x4096.NM2Of4, Shape4096x4096.Dense>(1, 0.5),
        KernelCase.Of<Shape1024x1024.Unstructured, Shape1024x1024.Dense>(1, 0.8, 3.5),
        KernelCase.Of<Shape3072x768.Unstructured, Shape3072x768.Dense>(1, 0.8, 3),
        KernelCase.Of<Shape4096x4096.Unstructured, Shape4096x4096.Dense>(1, 0.8, 4.5),
        KernelCase.Of<Shape1024x1024.Unstructured, Shape1024x1024.Dense>(1, 0.9, 8),
        KernelCase.Of<Shape3072x768.Unstructured, Shape3072x768.Dense>(1, 0.9, 6.5),
        KernelCase.Of<Shape4096x4096.Unstructured, Shape4096x4096.Dense>(1, 0.9, 11),
        KernelCase.Of<Shape1024x1024.Unstructured, Shape1024x1024.Dense>(1, 0.95, 15),
        KernelCase.Of<Shape3072x768.Unstructured, Shape3072x768.Dense>(1, 0.95, 12),
        KernelCase.Of<Shape4096x4096.Unstructured, Shape4096x4096.Dense>(1, 0.95, 18),
        KernelCase.Of<Shape1024x1024.Block16x1, Shape1024x1024.Dense>(1, 0.9, 8),
        KernelCase.Of<Shape1024x1024.Block8x8, Shape1024x1024.Dense>(1, 0.9, 8),
        KernelCase.Of<Shape1024x1024.Block4x4, Shape1024x1024.Dense>(1, 0.9),
        KernelCase.Of<Shape1024x1024.Block1x8, Shape1024x1024.Dense>(1, 0.9),
    ];

    /// <summary>Where the latency regime hands over to the throughput regime: no cliff is wanted.</summary>
    private static IEnumerable<KernelCase> SmallBatches()
        => Enumerable.Range(2, 15).Select(batch => KernelCase.Of<Shape1024x1024.Unstructured, Shape1024x1024.Dense>(batch, 0.9))
            .Concat(Enumerable.Range(2, 15).Select(batch => KernelCase.Of<Shape1024x1024.NM2Of4, Shape1024x1024.Dense>(batch, 0.5)));

    private static IEnumerable<KernelCase> Spmm<TSmall, TMiddle, TTall>(params (double Sparsity, double? Goal)[] points)
        where TSmall : ISparseModel, new()
        where TMiddle : ISparseModel, new()
        where TTall : ISparseModel, new()
        => points.SelectMany(point => new[]
        {
            KernelCase.Of<TSmall, Shape512x512.Dense>(128, point.Sparsity, point.Goal),
            KernelCase.Of<TMiddle, Shape1024x1024.Dense>(256, point.Sparsity, point.Goal),
            KernelCase.Of<TTall, Shape3072x768.Dense>(128, point.Sparsity, point.Goal),
        });
}
