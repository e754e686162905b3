using System.Collections.Immutable;

namespace KernelGen.Generator.Planning;

/// <summary>What planning must know of an instruction set.</summary>
/// <param name="Name">The member of the runtime's InstructionSet.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="PanelWidth">Samples of a panel; equals the runtime's Panel.Width.</param>
/// <param name="Accumulators">Sums that a loop may keep in registers beside its operands.</param>
/// <param name="Reaches">
/// What can choose a lane's activation: among how many columns, and how those are written. From the least, which is the cheapest, to
/// the most.
/// </param>
internal sealed record Target(string Name, int Lanes, int PanelWidth, int Accumulators, ImmutableArray<Reach> Reaches)
{
    public static Target Scalar { get; } = new("Scalar", Lanes: 1, PanelWidth: 8, Accumulators: 8, [new Reach(64, LaneIndex.Column)]);

    public static Target Neon { get; } = new(
        "Neon", Lanes: 4, PanelWidth: 32, Accumulators: 24, [new Reach(4, LaneIndex.TableBytes), new Reach(8, LaneIndex.TableBytes), new Reach(16, LaneIndex.TableBytes)])
    {
        FactorsType = "NeonFactors",
        PairsLoads = true,
    };

    public static Target Avx2 { get; } = new("Avx2", Lanes: 8, PanelWidth: 64, Accumulators: 12, [new Reach(4, LaneIndex.Bits2), new Reach(8, LaneIndex.Bits4), new Reach(16, LaneIndex.Column)]);

    public static Target Avx512 { get; } = new("Avx512", Lanes: 16, PanelWidth: 64, Accumulators: 24, [new Reach(4, LaneIndex.Bits2), new Reach(16, LaneIndex.Bits4), new Reach(32, LaneIndex.Bits5)]);

    /// <summary>All targets, in the order of the runtime's InstructionSet, best last.</summary>
    public static ImmutableArray<Target> All { get; } = [Scalar, Neon, Avx2, Avx512];

    /// <summary>The widest reach: a window of unstructured weights.</summary>
    public Reach Window => Reaches[Reaches.Length - 1];

    /// <summary>Whether two loads of half a vector each make one cheaply, and lanes of both are chosen by one permute.</summary>
    public bool JoinsHalves => Lanes >= 8;

    /// <summary>The runtime's type of floats that multiply whole vectors: their place where each is broadcast, registers where a multiply-add takes one lane.</summary>
    public string FactorsType { get; init; } = "FactorPlace";

    /// <summary>Whether one instruction loads two neighbouring vectors; elsewhere a multiply-add may load one of its operands.</summary>
    public bool PairsLoads { get; init; }

    /// <summary>Vectors in a panel's row.</summary>
    public int PanelVectors => PanelWidth / Lanes;
}
