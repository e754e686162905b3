using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// A kernel of the throughput regime: batch in lanes, one panel of <see cref="Panel.Width"/> samples at a time.
/// Its method takes, in order:
/// x: the input panel, feature-major, <c>[Format.PaddedColumns(in)][Panel.Width]</c>, aligned to 64 bytes;
/// y: the first of the outputs, feature-major; stride: floats from one output feature to the next;
/// columns: samples of the panel that are alive, 1 to Panel.Width; nothing beyond them is stored;
/// partial: scratch of <c>[Format.PaddedRows(weights.Rows)][Panel.Width]</c> floats, aligned to 64 bytes;
/// weights: the pack, or some of its rows.
/// </summary>
public sealed unsafe class PanelKernel : Kernel
{
    private readonly delegate*<float*, float*, nint, int, float*, in PackedWeights, void> _run;

    /// <summary>Wraps an emitted method.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="name">What a user reads in a plan.</param>
    /// <param name="format">How the kernel wants its weights.</param>
    /// <param name="costs">What it is estimated to take, on each kind of processor.</param>
    /// <param name="run">The emitted method.</param>
    public PanelKernel(
        InstructionSet instructionSet,
        string name,
        PackFormat format,
        KernelCosts costs,
        delegate*<float*, float*, nint, int, float*, in PackedWeights, void> run)
        : base(instructionSet, name, format, costs)
        => _run = run;

    /// <summary>Runs some of a layer's rows; x, y and partial are the whole layer's.</summary>
    internal void Run(float* x, float* y, nint stride, int columns, float* partial, PackPart part)
        => _run(x, y + (part.First * stride), stride, columns, partial + ((nint)part.First * Panel.Width(InstructionSet)), in part.Weights);
}
