using System.Diagnostics;
using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>A kernel with a pack and buffers of its own, so that it can be timed.</summary>
internal sealed unsafe class KernelTrial
{
    private const int Rounds = 5;
    private const double RoundSeconds = 0.0002;

    private readonly Kernel _kernel;
    private readonly Pack _pack;
    private readonly AlignedBuffer _x;
    private readonly AlignedBuffer _y;
    private readonly AlignedBuffer _partial;

    public KernelTrial(Kernel kernel, Pack pack, LayerDescriptor layer)
    {
        _kernel = kernel;
        _pack = pack;
        var width = kernel is PanelKernel ? Panel.Width(kernel.InstructionSet) : 1;
        _x = AlignedBuffer.OfFloats((long)(kernel.Format.PaddedColumns(layer.InFeatures) + Panel.RowMultiple) * width);
        _y = AlignedBuffer.OfFloats((long)(kernel.Format.PaddedRows(layer.OutFeatures) + Panel.RowMultiple) * width);
        _partial = AlignedBuffer.OfFloats((long)kernel.Format.PaddedRows(layer.OutFeatures) * width);
        // Pages that nobody has written all are the system's one page of zeros, and some processors read that slowly under many addresses.
        var activations = new Span<float>(_x.Floats, checked((int)(_x.Bytes / sizeof(float))));
        activations[..(layer.InFeatures * width)].Fill(1);
        // What pads the inputs must stay zero.
        activations[(layer.InFeatures * width)..].Clear();
    }

    /// <summary>Runs the kernel once: a panel of ones, or a sample of ones.</summary>
    public void Run()
    {
        foreach (var part in _pack.Parts)
        {
            switch (_kernel)
            {
                case PanelKernel panel:
                    var width = Panel.Width(panel.InstructionSet);
                    panel.Run(_x.Floats, _y.Floats, width, width, _partial.Floats, part);
                    break;
                case VectorKernel vector:
                    vector.Run(_x.Floats, _y.Floats, part);
                    break;
            }
        }
    }

    /// <summary>Seconds of one run, warm: the least of some rounds, since what disturbs only adds.</summary>
    public double Seconds()
    {
        Run();
        var least = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var runs = 0;
            var start = Stopwatch.GetTimestamp();
            double seconds;
            do
            {
                Run();
                runs++;
                seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
            while (seconds < RoundSeconds);

            least = Math.Min(least, seconds / runs);
        }

        return least;
    }
}
