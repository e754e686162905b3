using System;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning.Gpu;

/// <summary>
/// The kernel of a weight gradient. The lanes of a warp are samples; a warp keeps the sums of some units of weights in registers while it walks over
/// the batch, and adds its lanes up at the end. The warps of a group share the activations of a window of columns, which they stage in shared memory.
/// </summary>
/// <param name="Kind">Shape and pattern.</param>
/// <param name="Rows">Rows of a unit.</param>
/// <param name="Columns">Columns of a unit.</param>
/// <param name="IsScattered">Whether each column of a unit has a place of its own; else they are neighbours.</param>
/// <param name="WindowColumns">Columns of a window, a multiple of a unit's where those are neighbours.</param>
internal sealed record GpuSampledPlan(KernelKind Kind, int Rows, int Columns, bool IsScattered, int WindowColumns)
{
    /// <summary>Samples of a lane, which go as one vector.</summary>
    public const int LaneSamples = 2;

    /// <summary>Sums that are added up over the lanes at a time: one for each lane.</summary>
    public const int RoundSums = GpuTile.Lanes;

    /// <summary>From so many weights on, a unit loads few activations and gradients for each of its sums.</summary>
    private const int LargeUnit = 16;

    /// <summary>Sums of a warp, each in a register of every lane.</summary>
    private const int MostSums = 64;

    /// <summary>The same where weights are scattered: each unit loads a gradient anew, for which there must be registers, too.</summary>
    private const int MostScatteredSums = 48;

    /// <summary>The same for small blocks, of which each loads up to 8 gradients.</summary>
    private const int MostSmallSums = 32;

    private const int MostWarps = 8;

    /// <summary>Columns of a window where weights are scattered: four places of 7 bits fit into a word.</summary>
    private const int ScatteredColumns = 128;

    /// <summary>Weights of a unit where they are scattered.</summary>
    private const int ScatteredWeights = 4;

    /// <summary>Columns of a window of blocks: about as many as the rows that a group's units come from, at a density of 0.2.</summary>
    private const int BlockColumns = 64;

    /// <summary>Columns of a window where all weights are there; they come from 16 rows.</summary>
    private const int DenseColumns = 32;

    /// <summary>The side of a unit at most.</summary>
    private const int MostSide = 8;

    /// <summary>The emitted class.</summary>
    public string ClassName => ClassNameOf(Kind);

    /// <summary>Weights of a unit.</summary>
    public int UnitWeights => Rows * Columns;

    /// <summary>Units of a warp.</summary>
    public int Units => Math.Max(1, (IsScattered ? MostScatteredSums : UnitWeights < LargeUnit ? MostSmallSums : MostSums) / UnitWeights);

    /// <summary>Sums of a warp.</summary>
    public int Sums => Units * UnitWeights;

    /// <summary>Warps of a group: as many as a full window has units for.</summary>
    public int Warps
    {
        get
        {
            var rows = ((Kind.Out - 1) / Rows) + 1;
            var columns = ((WindowColumns - 1) / Columns) + 1;
            return (int)Math.Min(MostWarps, (((long)rows * columns) - 1) / Units + 1);
        }
    }

    /// <summary>Threads of a group.</summary>
    public int Threads => Warps * GpuTile.Lanes;

    /// <summary>Pairs of floats in shared memory: a window's activations, and then the sums of a round.</summary>
    public int SharedPairs => Math.Max(WindowColumns * GpuTile.Lanes, Warps * RoundSums * GpuTile.Lanes / LaneSamples);

    /// <summary>Bytes of shared memory.</summary>
    public int SharedBytes => SharedPairs * LaneSamples * sizeof(float);

    /// <summary>The plan of a kind; pure.</summary>
    public static GpuSampledPlan Of(KernelKind kind) => kind.Pattern switch
    {
        DenseSpec => Blocks(kind, MostSide, MostSide, DenseColumns),
        BlockSpec p when Side(p.Rows) * Side(p.Columns) > 1 => Blocks(kind, Side(p.Rows), Side(p.Columns), BlockColumns),
        _ => new GpuSampledPlan(kind, 1, ScatteredWeights, IsScattered: true, Math.Min(ScatteredColumns, kind.In)),
    };

    /// <summary>The class that is emitted for a kind.</summary>
    public static string ClassNameOf(KernelKind kind) => $"{kind.ClassName}WeightGradientGpu";

    private static GpuSampledPlan Blocks(KernelKind kind, int rows, int columns, int most)
        => new(kind, rows, columns, IsScattered: false, Math.Min(most / columns, ((kind.In - 1) / columns) + 1) * columns);

    /// <summary>The largest part of a block's side that a unit may have.</summary>
    private static int Side(int length) => Enumerable.Range(1, Math.Min(length, MostSide)).Last(side => length % side == 0);
}
