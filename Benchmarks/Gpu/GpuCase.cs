using KernelGen.Benchmarks.Models;
using KernelGen.Gpu;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>A layer to run on a device.</summary>
/// <param name="Create">Makes the one-layer model.</param>
/// <param name="Pattern">Its pattern, in words.</param>
/// <param name="Density">The fraction of active weights; N:M has its own.</param>
internal sealed record GpuCase(GpuCase.Factory Create, string Pattern, double Density)
{
    // An interface with static members can't be a type argument, as in Func<IGpuModel>.
    public delegate IGpuModel Factory();

    public static IReadOnlyList<GpuCase> Square1024 { get; } =
    [
        new(() => new Shape1024x1024.Dense(), "dense", 1),
        new(() => new Shape1024x1024.Unstructured(), "unstructured", 0.2),
        new(() => new Shape1024x1024.Unstructured(), "unstructured", 0.1),
        new(() => new Shape1024x1024.Unstructured(), "unstructured", 0.05),
        new(() => new Shape1024x1024.NM2Of4(), "2:4", 0.5),
        new(() => new Shape1024x1024.NM1Of4(), "1:4", 0.25),
        new(() => new Shape1024x1024.NM1Of8(), "1:8", 0.125),
        new(() => new Shape1024x1024.Block8x8(), "block 8x8", 0.2),
        new(() => new Shape1024x1024.Block4x4(), "block 4x4", 0.2),
        new(() => new Shape1024x1024.Block16x1(), "block 16x1", 0.2),
        new(() => new Shape1024x1024.Block1x8(), "block 1x8", 0.2),
    ];

    public static IReadOnlyList<GpuCase> Square4096 { get; } =
    [
        new(() => new Shape4096x4096.Dense(), "dense", 1),
        new(() => new Shape4096x4096.Unstructured(), "unstructured", 0.1),
        new(() => new Shape4096x4096.NM2Of4(), "2:4", 0.5),
    ];

    /// <summary>Such as "1024x1024, block 8x8, density 0.2".</summary>
    public static string NameOf(Linear layer, GpuCase shown)
        => FormattableString.Invariant($"{layer.OutFeatures}x{layer.InFeatures}, {shown.Pattern}, density {shown.Density}");
}
