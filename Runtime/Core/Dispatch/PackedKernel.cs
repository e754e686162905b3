using KernelGen.Formats;

namespace KernelGen.Dispatch;

/// <summary>A kernel with a layer's weights in its format: ready to run.</summary>
/// <typeparam name="TKernel">The regime's kernel.</typeparam>
/// <param name="kernel">The kernel.</param>
/// <param name="pack">The weights.</param>
/// <param name="layer">The layer's shape.</param>
/// <param name="isSparse">Whether inactive weights are left out.</param>
/// <param name="reason">Why this kernel runs, for a plan.</param>
internal sealed class PackedKernel<TKernel>(TKernel kernel, Pack pack, LayerDescriptor layer, bool isSparse, string reason)
    where TKernel : Kernel
{
    public TKernel Kernel { get; } = kernel;

    public Pack Pack { get; } = pack;

    /// <summary>Whether inactive weights are left out.</summary>
    public bool IsSparse { get; } = isSparse;

    public string Reason { get; } = reason;

    /// <summary>Inputs of the layer.</summary>
    public int In { get; } = layer.InFeatures;

    /// <summary>Outputs of the layer.</summary>
    public int Out { get; } = layer.OutFeatures;

    /// <summary>Inputs that the kernel may read.</summary>
    public int PaddedIn { get; } = kernel.Format.PaddedColumns(layer.InFeatures);

    /// <summary>Outputs that the kernel may write to memory of our own.</summary>
    public int PaddedOut { get; } = kernel.Format.PaddedRows(layer.OutFeatures);

    public RegimePlan Plan => new(Kernel.Name, Kernel.Format.ToString(), Pack.Bytes, Reason);
}
