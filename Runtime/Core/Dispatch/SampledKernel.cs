using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>
/// A kernel of weight gradients: dW = dY X^T at the active weights alone (SDDMM), for so many samples at a time as one of its bodies takes.
/// Bodies and the bias's method take dy: the output's gradient, feature-major, <c>[out][dyStride]</c>; gradient: what receives the sums; add: whether to what
/// is there; and scratch, aligned to 64 bytes. Bodies also take x: the input, feature-major, <c>[in][xStride]</c>, and where the active weights are.
/// </summary>
public sealed unsafe class SampledKernel
{
    // Of all weights: see docs/training.md.
    private const double DenseFrom = 0.25;

    private readonly int _blockColumns;
    private readonly int _denseBlockColumns;
    private readonly SampledBody[] _bodies;
    private readonly delegate*<float*, nint, int, float*, bool, float*, void> _runBias;

    /// <summary>Wraps emitted methods.</summary>
    /// <param name="instructionSet">What the machine must support.</param>
    /// <param name="name">What a user reads.</param>
    /// <param name="blockColumns">Columns of a block of the mask.</param>
    /// <param name="denseBlockColumns">The same of masks of which a quarter or more is active.</param>
    /// <param name="scratchFloats">Floats of scratch.</param>
    /// <param name="bodies">The emitted methods for weights, that for the most samples first.</param>
    /// <param name="runBias">The emitted method for the bias, for as many samples as one of the bodies takes.</param>
    public SampledKernel(
        InstructionSet instructionSet,
        string name,
        int blockColumns,
        int denseBlockColumns,
        int scratchFloats,
        SampledBody[] bodies,
        delegate*<float*, nint, int, float*, bool, float*, void> runBias)
    {
        InstructionSet = instructionSet;
        Name = name;
        _blockColumns = blockColumns;
        _denseBlockColumns = denseBlockColumns;
        ScratchFloats = scratchFloats;
        _bodies = bodies;
        _runBias = runBias;
    }

    /// <summary>What the machine must support.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>What a user reads.</summary>
    public string Name { get; }

    /// <summary>The most samples that it takes at a time.</summary>
    public int MostSamples => _bodies[0].Samples;

    /// <summary>Floats of scratch.</summary>
    public int ScratchFloats { get; }

    /// <summary>Columns of a block of this mask.</summary>
    internal int BlockColumnsFor(SparseMatrix mask)
        => mask.Nonzeros < DenseFrom * mask.Rows * mask.Columns ? _blockColumns : _denseBlockColumns;

    /// <summary>The body for what is left of a batch: the one that fits best, or that for the most.</summary>
    internal SampledBody BodyFor(int samples)
    {
        var last = _bodies.Length - 1;
        while (last > 0 && _bodies[last].Samples < samples)
        {
            last--;
        }

        return _bodies[last];
    }

    internal void RunBias(float* dy, nint dyStride, int samples, float* gradient, bool add, float* scratch)
        => _runBias(dy, dyStride, samples, gradient, add, scratch);
}
