using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Benchmarks.Crossover;

/// <summary>Feeds one kernel: its pack, its buffers.</summary>
internal sealed unsafe class KernelHarness
{
    private readonly Pack _pack;
    private readonly AlignedBuffer _x;
    private readonly AlignedBuffer _y;
    private readonly AlignedBuffer _partial;

    public KernelHarness(Linear layer, Kernel kernel, SparseMatrix weights)
    {
        _pack = Pack.Create(weights, new float[layer.OutFeatures], kernel.Format);
        var width = kernel is PanelKernel ? Panel.Width(kernel.InstructionSet) : 1;
        _x = AlignedBuffer.OfFloats((long)(kernel.Format.PaddedColumns(layer.InFeatures) + Panel.RowMultiple) * width);
        _y = AlignedBuffer.OfFloats((long)(kernel.Format.PaddedRows(layer.OutFeatures) + Panel.RowMultiple) * width);
        _partial = AlignedBuffer.OfFloats((long)layer.OutFeatures * width);
        Run = kernel switch
        {
            PanelKernel panel => () => panel.Run(_x.Floats, _y.Floats, width, width, _partial.Floats, in _pack.Weights),
            VectorKernel vector => () => vector.Run(_x.Floats, _y.Floats, in _pack.Weights),
            _ => throw new ArgumentException($"No harness for {kernel.Name}.", nameof(kernel)),
        };
    }

    /// <summary>Runs the kernel once: a panel, or a sample.</summary>
    public Action Run { get; }
}
