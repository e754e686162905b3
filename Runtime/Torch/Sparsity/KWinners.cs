using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// k-winners-take-all (Ahmad and Scheinkman 2019, arXiv 1903.11257): of each sample's features the k largest pass, others are 0, and gradients reach the
/// winners alone. Goes between layers, in place of an activation or behind it.
/// </summary>
public sealed class KWinners : nn.Module<Tensor, Tensor>
{
    private readonly long? _count;
    private readonly double _share;

    private KWinners(long? count, double share)
        : base(nameof(KWinners))
        => (_count, _share) = (count, share);

    /// <summary>Lets a number of features pass.</summary>
    /// <param name="count">How many, at least 1; where there are fewer features, all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number lies below 1.</exception>
    public static KWinners OfCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(count, 0);
    }

    /// <summary>Lets a share of the features pass.</summary>
    /// <param name="share">Of the features, above 0 and up to 1; at least one wins.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    public static KWinners OfShare(double share)
        => share is > 0 and <= 1
            ? new(null, share)
            : throw new ArgumentOutOfRangeException(nameof(share), share, "The share of winners lies above 0, and is 1 at most.");

    /// <summary>Lets winners pass.</summary>
    /// <param name="input">Activations [..., features].</param>
    /// <returns>As many.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var features = input.shape[^1];
        var count = Math.Min(features, _count ?? Math.Max(1, KernelGen.Pruning.Count.Nearest(_share * features)));
        using var scores = input.detach();
        return where(Highest.OfRows(scores, count), input, zeros([], input.dtype, input.device)).MoveToOuterDisposeScope();
    }
}
