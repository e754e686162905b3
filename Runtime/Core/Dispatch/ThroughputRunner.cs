using KernelGen.Vectors;

namespace KernelGen.Dispatch;

/// <summary>
/// The throughput regime: panel after panel through all layers. The items are whole panels where there are enough for all threads, or more than
/// a layer has parts; else the threads share the parts of one layer after the other.
/// </summary>
/// <param name="workspace">Where the layers' states and the buffers are.</param>
internal sealed unsafe class ThroughputRunner(Workspace workspace) : ITeamWork
{
    private InstructionSet _set;
    private PanelTransform? _transform;
    private float* _input;
    private float* _output;
    private int _batch;
    private long _rows;
    private long _partialRows;

    /// <summary>Runs a batch.</summary>
    /// <param name="set">The instruction set.</param>
    /// <param name="transform">The transposes; null for a feature-major batch.</param>
    /// <param name="input">The batch.</param>
    /// <param name="output">Receives what comes out.</param>
    /// <param name="batch">Samples.</param>
    public void Run(InstructionSet set, PanelTransform? transform, float* input, float* output, int batch)
    {
        _set = set;
        _transform = transform;
        _input = input;
        _output = output;
        _batch = batch;
        _rows = 0;
        _partialRows = 0;
        foreach (var state in workspace.States)
        {
            var layer = state!.Panel(set);
            _rows = Math.Max(_rows, Math.Max(layer.PaddedIn, layer.PaddedOut));
            _partialRows = Math.Max(_partialRows, layer.PaddedOut);
        }

        _rows = (_rows + Panel.RowMultiple - 1) / Panel.RowMultiple * Panel.RowMultiple;
        var panels = ((batch - 1) / Panel.Width(set)) + 1;
        var threads = Threads.Count;
        if (threads > 1 && panels > 1 && (panels >= threads || panels >= MostParts(set)))
        {
            threads = Math.Min(threads, panels);
            // Here, so that which thread takes a panel doesn't decide when memory is allocated.
            workspace.Reserve(threads);
            for (var thread = 0; thread < threads; thread++)
            {
                var scratch = workspace.ScratchOf(thread);
                scratch.Floats(Scratch.Use.Front, FloatsOf(Scratch.Use.Front));
                scratch.Floats(Scratch.Use.Back, FloatsOf(Scratch.Use.Back));
                scratch.Floats(Scratch.Use.Partial, FloatsOf(Scratch.Use.Partial));
            }

            ThreadTeam.Run(this, panels, threads);
            return;
        }

        for (var panel = 0; panel < panels; panel++)
        {
            RunPanel(panel, workspace.ScratchOf(0), threads);
        }
    }

    /// <summary>The most parts of a layer: what threads could share instead of panels.</summary>
    private int MostParts(InstructionSet set)
    {
        var most = 1;
        foreach (var state in workspace.States)
        {
            most = Math.Max(most, state!.Panel(set).Pack.Parts.Length);
        }

        return most;
    }

    void ITeamWork.Run(int item, int thread) => RunPanel(item, workspace.ScratchOf(thread), 1);

    private long FloatsOf(Scratch.Use use) => (use == Scratch.Use.Partial ? _partialRows : _rows) * Panel.Width(_set);

    private void RunPanel(int panel, Scratch scratch, int threads)
    {
        var states = workspace.States;
        var width = Panel.Width(_set);
        var first = panel * width;
        var columns = Math.Min(width, _batch - first);
        var x = scratch.Floats(Scratch.Use.Front, FloatsOf(Scratch.Use.Front));
        var y = scratch.Floats(Scratch.Use.Back, FloatsOf(Scratch.Use.Back));
        var partial = scratch.Floats(Scratch.Use.Partial, FloatsOf(Scratch.Use.Partial));
        var inFeatures = states[0]!.Descriptor.InFeatures;
        var outFeatures = states[^1]!.Descriptor.OutFeatures;
        if (_transform is null)
        {
            Panel.CopyRows(_input + first, _batch, inFeatures, columns, x, width);
        }
        else
        {
            _transform.Pack(_input + ((nint)first * inFeatures), inFeatures, inFeatures, columns, x);
        }

        for (var i = 0; i < states.Length; i++)
        {
            var layer = states[i]!.Panel(_set);
            // What lies there may be another layer's padding.
            new Span<float>(x + ((nint)layer.In * width), (layer.PaddedIn - layer.In) * width).Clear();
            // The last layer of a feature-major batch has no panel of its own.
            var direct = _transform is null && i == states.Length - 1;
            scratch.PanelParts.Run(layer, x, direct ? _output + first : y, direct ? _batch : width, columns, partial, threads);
            var next = y;
            y = x;
            x = next;
        }

        _transform?.Unpack(x, outFeatures, columns, _output + ((nint)first * outFeatures), outFeatures);
    }
}
