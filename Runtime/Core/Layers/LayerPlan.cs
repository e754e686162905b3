namespace KernelGen;

/// <summary>Which kernels a layer runs on its instruction set with its current weights, and why.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="InstructionSet">The instruction set.</param>
/// <param name="Nonzeros">Active weights.</param>
/// <param name="Weights">All weights.</param>
/// <param name="Latency">What runs for small batches.</param>
/// <param name="Throughput">What runs for large batches.</param>
public sealed record LayerPlan(
    string Layer,
    InstructionSet InstructionSet,
    long Nonzeros,
    long Weights,
    RegimePlan Latency,
    RegimePlan Throughput)
{
    /// <summary>Active weights as a fraction of all.</summary>
    public double Density => (double)Nonzeros / Weights;

    /// <summary>Three lines: the layer, what runs for small batches, what runs for large ones.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Layer} on {Isa.NameOf(InstructionSet)}: {Nonzeros:N0} of {Weights:N0} weights, density {Density:0.####}\n")
        + $"  latency: {Latency}\n  throughput: {Throughput}";
}
