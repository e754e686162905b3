using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// A kernel of weight gradients: dW = dY X^T at the active weights alone (SDDMM), for so many samples at a time, all of which must be there.
/// Both its methods take dy: the output's gradient, feature-major, <c>[out][dyStride]</c>; gradient: what receives the sums; add: whether to what
/// is there; and scratch, aligned to 64 bytes. The weights' one also takes x: the input, feature-major, <c>[in][xStride]</c>, and the mask in
/// <see cref="Format"/>, in which each value is, as an int, its weight's place in the gradient.
/// </summary>
public sealed unsafe class SampledKernel
{
    private readonly delegate*<float*, nint, float*, nint, float*, bool, float*, in PackedWeights, void> _run;
    private readonly delegate*<float*, nint, float*, bool, float*, void> _runBias;

    /// <summary>Wraps emitted methods.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="name">What a user reads.</param>
    /// <param name="blockColumns">Columns of a block of the mask.</param>
    /// <param name="samples">Samples that it takes at a time.</param>
    /// <param name="scratchFloats">Floats of scratch.</param>
    /// <param name="run">The emitted method for weights.</param>
    /// <param name="runBias">The emitted method for the bias.</param>
    public SampledKernel(
        InstructionSet instructionSet,
        string name,
        int blockColumns,
        int samples,
        int scratchFloats,
        delegate*<float*, nint, float*, nint, float*, bool, float*, in PackedWeights, void> run,
        delegate*<float*, nint, float*, bool, float*, void> runBias)
    {
        InstructionSet = instructionSet;
        Name = name;
        Format = new PanelCsrFormat(blockColumns, ColumnStride: 1, WideCounts: true);
        Samples = samples;
        ScratchFloats = scratchFloats;
        _run = run;
        _runBias = runBias;
    }

    /// <summary>What the machine must support.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>What a user reads.</summary>
    public string Name { get; }

    /// <summary>How it wants the mask.</summary>
    public PanelCsrFormat Format { get; }

    /// <summary>Samples that it takes at a time.</summary>
    public int Samples { get; }

    /// <summary>Floats of scratch.</summary>
    public int ScratchFloats { get; }

    internal void Run(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in PackedWeights mask)
        => _run(x, xStride, dy, dyStride, gradient, add, scratch, in mask);

    internal void RunBias(float* dy, nint dyStride, float* gradient, bool add, float* scratch) => _runBias(dy, dyStride, gradient, add, scratch);
}
