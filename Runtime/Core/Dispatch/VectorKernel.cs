using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// A kernel of the latency regime: one sample, output rows in lanes. Its method takes, in order:
/// x: the sample, <c>[Format.PaddedColumns(in)]</c> floats rounded up to whole vectors of 16, aligned to 64 bytes, zero beyond the input;
/// y: receives <c>[Format.PaddedRows(weights.Rows)]</c> floats, aligned to 64 bytes; weights: the pack, or some of its rows.
/// It returns false, with y undefined, where x holds an infinity or NaN that padding in the pack could meet: the sample then
/// takes the panel kernel, whose padding nothing can meet.
/// </summary>
public sealed unsafe class VectorKernel : Kernel
{
    private readonly delegate*<float*, float*, in PackedWeights, bool> _run;

    /// <summary>Wraps an emitted method.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="name">What a user reads in a plan.</param>
    /// <param name="format">How the kernel wants its weights.</param>
    /// <param name="costs">What it is estimated to take, on each kind of processor.</param>
    /// <param name="run">The emitted method.</param>
    public VectorKernel(
        InstructionSet instructionSet,
        string name,
        PackFormat format,
        KernelCosts costs,
        delegate*<float*, float*, in PackedWeights, bool> run)
        : base(instructionSet, name, format, costs)
        => _run = run;

    /// <summary>Runs some of a layer's rows; x and y are the whole layer's.</summary>
    internal bool Run(float* x, float* y, PackPart part) => _run(x, y + part.First, in part.Weights);
}
