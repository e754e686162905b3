namespace KernelGen.Dispatch;

/// <summary>One layer and one sample: the items are the parts of the layer's pack.</summary>
internal sealed unsafe class VectorParts : ITeamWork
{
    private PackedKernel<VectorKernel>? _layer;
    private float* _x;
    private float* _y;
    private bool _declined;

    /// <summary>Runs a layer; false, with y undefined, where its kernel declines the sample.</summary>
    public bool Run(PackedKernel<VectorKernel> layer, float* x, float* y, int threads)
    {
        var parts = layer.Pack.Parts;
        if (parts.Length == 1)
        {
            return layer.Kernel.Run(x, y, parts[0]);
        }

        _layer = layer;
        _x = x;
        _y = y;
        _declined = false;
        ThreadTeam.Run(this, parts.Length, threads);
        _layer = null;
        return !_declined;
    }

    void ITeamWork.Run(int item, int thread)
    {
        if (!_layer!.Kernel.Run(_x, _y, _layer.Pack.Parts[item]))
        {
            Volatile.Write(ref _declined, true);
        }
    }
}
