using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>What one thread of a run needs beside its arguments; its buffers only grow.</summary>
internal sealed unsafe class Scratch
{
    private readonly AlignedBuffer?[] _buffers = new AlignedBuffer?[Enum.GetValues<Use>().Length];

    /// <summary>What a buffer holds.</summary>
    public enum Use
    {
        /// <summary>A layer's input.</summary>
        Front,

        /// <summary>A layer's output: the next layer's input.</summary>
        Back,

        /// <summary>A panel kernel's partial sums.</summary>
        Partial,

        /// <summary>The panel of a single sample that a latency kernel declined.</summary>
        SinglePanel,

        /// <summary>What comes out of it.</summary>
        SingleResult,

        /// <summary>A weight gradient's products and sums.</summary>
        Sampled,

        /// <summary>A weight gradient's samples, in rows of their own.</summary>
        SampledInput,

        /// <summary>The output gradient of those.</summary>
        SampledGradient,
    }

    /// <summary>Runs a layer's parts on a sample.</summary>
    public VectorParts VectorParts { get; } = new();

    /// <summary>Runs a layer's parts on a panel.</summary>
    public PanelParts PanelParts { get; } = new();

    /// <summary>A buffer of at least as many floats, with whatever it held before.</summary>
    public float* Floats(Use use, long count)
    {
        // Whole cache lines, so that a buffer that ends at a guard page begins aligned too.
        var bytes = checked((count * sizeof(float)) + AlignedBuffer.Alignment - 1) & -AlignedBuffer.Alignment;
        ref var buffer = ref _buffers[(int)use];
        if (buffer is null || buffer.Bytes < bytes)
        {
            buffer = new AlignedBuffer(bytes);
        }

        return buffer.Floats;
    }
}
