using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>An emitted kernel and what the runtime must know to feed it.</summary>
/// <param name="instructionSet">What the machine must support.</param>
/// <param name="name">What a user reads in a plan: the kernel's class and member, such as "PanelCsr.Avx512Columns128".</param>
/// <param name="format">How the kernel wants its weights.</param>
/// <param name="costs">What it is estimated to take, on each kind of processor.</param>
public abstract class Kernel(InstructionSet instructionSet, string name, PackFormat format, KernelCosts costs)
{
    /// <summary>What the machine must support.</summary>
    public InstructionSet InstructionSet { get; } = instructionSet;

    /// <summary>What a user reads in a plan.</summary>
    public string Name { get; } = name;

    /// <summary>How the kernel wants its weights.</summary>
    public PackFormat Format { get; } = format;

    /// <summary>What it is estimated to take, on each kind of processor.</summary>
    public KernelCosts Costs { get; } = costs;
}
