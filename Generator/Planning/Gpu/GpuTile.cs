namespace KernelGen.Generator.Planning.Gpu;

/// <summary>What a group of threads sums at a time: rows in the registers of its warps, samples in their lanes.</summary>
/// <param name="PackRows">Rows that lie together in the pack: those of a wide group, of which a narrow one takes a part.</param>
/// <param name="Warps">Warps of 32 threads.</param>
/// <param name="WarpRows">Rows of a warp.</param>
/// <param name="LaneSamples">Samples of a lane: 1, or 2 or 4 that go as one vector.</param>
/// <param name="StageColumns">Columns whose activations are staged in shared memory at a time.</param>
internal sealed record GpuTile(int PackRows, int Warps, int WarpRows, int LaneSamples, int StageColumns)
{
    /// <summary>Threads of a warp.</summary>
    public const int Lanes = 32;

    /// <summary>Threads of a group.</summary>
    public int Threads => Warps * Lanes;

    /// <summary>Rows of a group.</summary>
    public int GroupRows => Warps * WarpRows;

    /// <summary>Samples of a group.</summary>
    public int GroupSamples => Lanes * LaneSamples;
}
