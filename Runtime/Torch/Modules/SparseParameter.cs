using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// The active weights of a layer, row by row, columns ascending, as one trainable tensor: [capacity], of which the first <see cref="Count"/> count. The
/// others are 0 and get no gradient: room for masks with more weights.
/// </summary>
public sealed class SparseParameter : Parameter
{
    private readonly string _layer;
    private Exception? _failure;

    internal SparseParameter(string layer, Tensor values, int count)
        : base(values)
    {
        _layer = layer;
        Count = count;
    }

    /// <summary>Active weights.</summary>
    public int Count { get; internal set; }

    /// <summary>Remembers what went wrong in a backward pass, for whoever can be told.</summary>
    internal void Fail(Exception failure) => _failure = failure;

    /// <summary>Whether there is something to tell.</summary>
    internal bool HasFailed => _failure is not null;

    /// <summary>Forgets it.</summary>
    internal void Forgive() => _failure = null;

    /// <summary>Tells what went wrong in the last backward pass, once.</summary>
    /// <exception cref="InvalidOperationException">Something did.</exception>
    internal void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            // The rest of torch's messages is its own stack, and advice that doesn't help here.
            var reason = failure.Message.Split('\n')[0];
            throw new InvalidOperationException(
                $"Layer '{_layer}': its last backward pass failed, and gave no gradients. Where weights, mask or input changed after the forward pass, call backward before the steps of the optimiser and of what changes masks. The reason: {reason}",
                failure);
        }
    }
}
