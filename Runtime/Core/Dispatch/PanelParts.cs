namespace KernelGen.Dispatch;

/// <summary>One layer and one panel: the items are the parts of the layer's pack.</summary>
internal sealed unsafe class PanelParts : ITeamWork
{
    private PackedKernel<PanelKernel>? _layer;
    private float* _x;
    private float* _y;
    private nint _stride;
    private int _columns;
    private float* _partial;

    /// <summary>Runs a layer; the arguments are the kernel's.</summary>
    public void Run(PackedKernel<PanelKernel> layer, float* x, float* y, nint stride, int columns, float* partial, int threads)
    {
        _layer = layer;
        _x = x;
        _y = y;
        _stride = stride;
        _columns = columns;
        _partial = partial;
        ThreadTeam.Run(this, layer.Pack.Parts.Length, threads);
        _layer = null;
    }

    void ITeamWork.Run(int item, int thread)
        => _layer!.Kernel.Run(_x, _y, _stride, _columns, _partial, _layer.Pack.Parts[item]);
}
