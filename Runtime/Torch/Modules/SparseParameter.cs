using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// The active weights of a layer, row by row, columns ascending, as one trainable tensor: [capacity], of which the first <see cref="Count"/> count. The
/// others are 0 and get no gradient: room for masks with more weights.
/// </summary>
public sealed class SparseParameter : Parameter
{
    internal SparseParameter(Tensor values, int count)
        : base(values) => Count = count;

    /// <summary>Active weights.</summary>
    public int Count { get; internal set; }
}
