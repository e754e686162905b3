using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>The product of one matrix, whose values change, and feature-major batches.</summary>
internal sealed unsafe class PanelProduct
{
    private readonly Workspace _workspace;
    private readonly LayerState _state;
    private readonly InstructionSet _set;
    private readonly RefreshedPack _pack;

    /// <param name="layer">The matrix's shape, and what follows the product.</param>
    /// <param name="sparse">Sparse kernels; null for a dense layer.</param>
    /// <param name="dense">Dense kernels.</param>
    /// <param name="numbered">The matrix of a <see cref="NumberedMask"/>, or its transpose.</param>
    /// <param name="rowStarts">Of the matrix whose values come, this one or what it is the transpose of: where each row's begin, and where the last one's end.</param>
    /// <param name="isTransposed">Whether it is a transpose.</param>
    /// <param name="set">The instruction set.</param>
    /// <param name="packing">How it is packed.</param>
    /// <param name="workspace">For one layer; whoever else has it doesn't run at the same time.</param>
    public PanelProduct(
        LayerDescriptor layer,
        LayerKernels? sparse,
        LayerKernels dense,
        SparseMatrix numbered,
        int[] rowStarts,
        bool isTransposed,
        InstructionSet set,
        Packing packing,
        Workspace workspace)
    {
        _workspace = workspace;
        var state = new LayerState(layer, sparse, dense, numbered, new float[layer.Bias ? layer.OutFeatures : 0], packing, shares: true);
        _set = set;
        _pack = new RefreshedPack(state.Panel(set), numbered.Columns, rowStarts, isTransposed);
        _state = state.WithoutWeights();
    }

    /// <summary>Bytes of the pack, and of where its values come from.</summary>
    public long Bytes => _pack.Bytes;

    /// <summary>What runs, and why.</summary>
    public RegimePlan Plan => _state.Panel(_set).Plan with { Bytes = Bytes };

    /// <summary>Sets the values, and the bias unless it is empty.</summary>
    public void Refresh(ReadOnlySpan<float> values, ReadOnlySpan<float> bias) => _pack.Refresh(values, bias);

    /// <inheritdoc cref="AlignedBuffer.Release"/>
    public void Release() => _pack.Release();

    /// <summary>Runs a batch whose lengths are right, and which doesn't overlap what receives the product.</summary>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch)
    {
        if (batch == 0)
        {
            return;
        }

        _workspace.States[0] = _state;
        fixed (float* x = input, y = output)
        {
            _workspace.Throughput.Run(_set, null, x, y, batch);
        }

        // A workspace must not keep replaced weights alive.
        _workspace.States[0] = null;

        // It owns the pack and the panels, also where nobody needs it any more.
        GC.KeepAlive(this);
    }
}
