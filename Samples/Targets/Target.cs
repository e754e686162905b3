namespace Targets;

/// <summary>Something that emitted kernels run on.</summary>
/// <param name="Name">An instruction set as KERNELGEN_ISA takes it, or a device as KERNELGEN_DEVICE does.</param>
/// <param name="Title">What a reader sees.</param>
/// <param name="IsDevice">Whether it is a device of KernelGen.Gpu's.</param>
internal sealed record Target(string Name, string Title, bool IsDevice = false)
{
    public const string Neon = "neon";

    public static IReadOnlyList<Target> All { get; } =
    [
        new("avx512", "AVX-512"),
        new("avx2", "AVX2"),
        new("scalar", "scalar"),
        new(Neon, "NEON"),
        new("opencl", "OpenCL", IsDevice: true),
        new("cuda", "CUDA", IsDevice: true),
    ];

    /// <summary>What is under way while it runs.</summary>
    public string Progress => Name == Neon ? "NEON (to build for arm64 takes a minute the first time)" : Title;
}
