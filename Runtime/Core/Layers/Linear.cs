using KernelGen.Dispatch;

namespace KernelGen;

/// <summary>A fully connected layer: y = activation(W x + b).</summary>
public sealed class Linear
{
    /// <summary>Creates a layer without weights; called by emitted code.</summary>
    /// <param name="descriptor">The layer as declared.</param>
    /// <param name="sparse">Kernels for the declared pattern; null for a dense layer.</param>
    /// <param name="dense">Kernels for the dense layer of the same shape: the fallback.</param>
    public Linear(LayerDescriptor descriptor, LayerKernels? sparse, LayerKernels dense)
    {
        Descriptor = descriptor;
        _ = sparse;
        _ = dense;
    }

    /// <summary>The layer as declared.</summary>
    public LayerDescriptor Descriptor { get; }
}
