using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// A kernel of weight gradients: dW = dY X^T at the active weights alone (SDDMM), for so many samples at a time, all of which must be there.
/// Both its methods take dy: the output's gradient, feature-major, <c>[out][dyStride]</c>; gradient: what receives the sums; add: whether to what
/// is there; and scratch, aligned to 64 bytes, of <see cref="ScratchFloats"/>. The weights' one also takes x: the input, feature-major, <c>[in][xStride]</c>,
/// and the pattern.
/// </summary>
public sealed unsafe class SampledKernel
{
    // Vectors of the widest instruction set, as many as there are lanes.
    private const int Square = 16 * 16;

    private readonly delegate*<float*, nint, float*, nint, float*, bool, float*, in SampledPattern, void> _run;
    private readonly delegate*<float*, nint, float*, bool, float*, void> _runBias;

    /// <summary>Wraps emitted methods.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="name">What a user reads.</param>
    /// <param name="blockColumns">Columns of a block of the pattern.</param>
    /// <param name="samples">Samples that it takes at a time.</param>
    /// <param name="run">The emitted method for weights.</param>
    /// <param name="runBias">The emitted method for the bias.</param>
    public SampledKernel(
        InstructionSet instructionSet,
        string name,
        int blockColumns,
        int samples,
        delegate*<float*, nint, float*, nint, float*, bool, float*, in SampledPattern, void> run,
        delegate*<float*, nint, float*, bool, float*, void> runBias)
    {
        InstructionSet = instructionSet;
        Name = name;
        BlockColumns = blockColumns;
        Samples = samples;
        _run = run;
        _runBias = runBias;
    }

    /// <summary>What the machine must support.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>What a user reads.</summary>
    public string Name { get; }

    /// <summary>Columns of a block of the pattern.</summary>
    public int BlockColumns { get; }

    /// <summary>Samples that it takes at a time.</summary>
    public int Samples { get; }

    /// <summary>Floats of scratch.</summary>
    /// <param name="mostOfBlock">The most active weights of a block of columns.</param>
    public static long ScratchFloats(int mostOfBlock) => Square + mostOfBlock + Panel.RowMultiple;

    internal void Run(float* x, nint xStride, float* dy, nint dyStride, float* gradient, bool add, float* scratch, in SampledPattern pattern)
        => _run(x, xStride, dy, dyStride, gradient, add, scratch, in pattern);

    internal void RunBias(float* dy, nint dyStride, float* gradient, bool add, float* scratch) => _runBias(dy, dyStride, gradient, add, scratch);
}
