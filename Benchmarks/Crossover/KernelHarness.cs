using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Benchmarks.Crossover;

/// <summary>Feeds one kernel: its pack, its buffers.</summary>
internal sealed unsafe class KernelHarness
{
    private const int Alignment = 64;
    private readonly Pack _pack;
    private readonly float* _x;
    private readonly float* _y;
    private readonly float* _partial;

    public KernelHarness(Linear layer, Kernel kernel, SparseMatrix weights)
    {
        _pack = Pack.Create(weights, new float[layer.OutFeatures], kernel.Format);
        var width = kernel is PanelKernel ? Panel.Width(kernel.InstructionSet) : 1;
        _x = Zeros((kernel.Format.PaddedColumns(layer.InFeatures) + Panel.RowMultiple) * width);
        _y = Zeros((kernel.Format.PaddedRows(layer.OutFeatures) + Panel.RowMultiple) * width);
        _partial = Zeros(layer.OutFeatures * width);
        Run = kernel switch
        {
            PanelKernel panel => () => panel.Run(_x, _y, width, width, _partial, in _pack.Weights),
            VectorKernel vector => () => vector.Run(_x, _y, in _pack.Weights),
            _ => throw new ArgumentException($"No harness for {kernel.Name}.", nameof(kernel)),
        };
    }

    /// <summary>Runs the kernel once: a panel, or a sample.</summary>
    public Action Run { get; }

    private static float* Zeros(int count)
    {
        var array = GC.AllocateArray<float>(count + (Alignment / sizeof(float)), pinned: true);
        Kept.Add(array);
        var address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
        return (float*)((address + Alignment - 1) / Alignment * Alignment);
    }

    private static readonly List<float[]> Kept = [];
}
