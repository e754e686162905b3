namespace KernelGen.Dispatch;

/// <summary>What one run of a network needs beside its arguments.</summary>
internal sealed class Workspace
{
    private Scratch[] _scratches = [new()];

    public Workspace(int layers)
    {
        States = new LayerState?[layers];
        Throughput = new ThroughputRunner(this);
    }

    /// <summary>The layers' states that this run has taken.</summary>
    public LayerState?[] States { get; }

    /// <summary>Runs batches of panels.</summary>
    public ThroughputRunner Throughput { get; }

    /// <summary>The memory of a thread: 0 is the caller.</summary>
    public Scratch ScratchOf(int thread) => _scratches[thread];

    /// <summary>Makes room for so many threads.</summary>
    public void Reserve(int threads)
    {
        var before = _scratches.Length;
        if (before < threads)
        {
            Array.Resize(ref _scratches, threads);
            for (var i = before; i < threads; i++)
            {
                _scratches[i] = new Scratch();
            }
        }
    }
}
