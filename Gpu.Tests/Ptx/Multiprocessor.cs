namespace KernelGen.Gpu.Tests.Ptx;

/// <summary>What a multiprocessor of an architecture has for the groups that run on it at a time, by NVIDIA's tables of compute capabilities.</summary>
/// <param name="Architecture">Such as "sm_90".</param>
/// <param name="SharedBytes">Shared memory for all groups.</param>
/// <param name="ReservedBytes">Of that what the system takes of each group.</param>
/// <param name="Threads">Threads of all groups.</param>
/// <param name="MostGroups">Groups, however small.</param>
internal sealed record Multiprocessor(string Architecture, int SharedBytes, int ReservedBytes, int Threads, int MostGroups)
{
    private const int Registers = 65536;
    private const int Lanes = 32;

    /// <summary>Registers are given to warps in units of so many.</summary>
    private const int RegisterUnit = 256;

    /// <summary>A multiprocessor has so many parts with registers of their own.</summary>
    private const int Parts = 4;

    public static Multiprocessor Of(string architecture) => architecture switch
    {
        "sm_75" => new(architecture, 64 * 1024, 0, 1024, 16),
        "sm_80" => new(architecture, 164 * 1024, 1024, 2048, 32),
        "sm_90" => new(architecture, 228 * 1024, 1024, 2048, 32),
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "No architecture that is tested."),
    };

    /// <summary>Groups of a kernel that run at a time.</summary>
    public int Groups(int threads, int registers, int sharedBytes)
    {
        var warps = threads / Lanes;
        var warpRegisters = ((registers * Lanes) + RegisterUnit - 1) / RegisterUnit * RegisterUnit;
        var byRegisters = Registers / Parts / warpRegisters * Parts / warps;
        return new[] { byRegisters, SharedBytes / Math.Max(1, sharedBytes + ReservedBytes), Threads / threads, MostGroups }.Min();
    }
}
