using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// Sparse variational dropout (Molchanov et al. 2017, arXiv 1701.05369): each weight has a variance sigma^2 of its own, and those whose
/// log alpha = log(sigma^2 / w^2) exceeds 3 are 0. In training the layer's product is drawn from its mean x W^T + b and its variance
/// x^2 (sigma^2)^T; the penalty is the divergence from the log-uniform prior. Its parameter is <c>log_variance</c> [out, in].
/// </summary>
/// <remarks>
/// Add <c>ramp.At(step) / samples * module.Penalty()</c> to a loss that is a mean over samples: <see cref="Ramp"/> raises it from 0.
/// </remarks>
public sealed class VariationalDropout : Reparametrisation
{
    private const double K1 = 0.63576;
    private const double K2 = 1.87320;
    private const double K3 = 1.48695;

    /// <summary>Prepares for an unstructured layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="initial">What log sigma^2 begins with.</param>
    /// <param name="threshold">The log alpha above which a weight is 0.</param>
    /// <exception cref="ArgumentException">The layer isn't unstructured.</exception>
    public VariationalDropout(MaskedLinear layer, double initial = -10, double threshold = 3)
        : base(layer)
    {
        RequireUnstructured();
        Threshold = threshold;
        register_parameter("log_variance", new Parameter(full_like(layer.Weight, initial).detach().DetachFromDisposeScope()));
    }

    /// <summary>The log alpha above which a weight is 0.</summary>
    public double Threshold { get; }

    /// <summary>log sigma^2 of each weight: [out, in].</summary>
    public Parameter LogVariance => get_parameter("log_variance")!;

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return where(LogAlpha(weight).gt(Threshold), zeros_like(weight), weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Product(Tensor input, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        if (!training)
        {
            return base.Product(input, weight, bias);
        }

        using var scope = NewDisposeScope();
        var mean = nn.functional.linear(input, weight, bias!);
        var variance = nn.functional.linear(input.square(), where(Mask, LogVariance.exp(), zeros_like(weight)));
        // The root's slope at 0 is no number.
        return (mean + ((variance + 1e-8).sqrt() * randn_like(mean))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return where(Mask, Divergence(LogAlpha(weight)), zeros_like(weight)).sum().MoveToOuterDisposeScope();
    }

    /// <summary>KL(q || p) for each weight, as the paper approximates it; 0 for an infinite alpha.</summary>
    internal static Tensor Divergence(Tensor logAlpha)
        => K1 - ((logAlpha * K3) + K2).sigmoid() * K1 + (nn.functional.softplus(-logAlpha) * 0.5);

    // Of a weight of 0 it is high, and a number.
    private Tensor LogAlpha(Tensor weight) => LogVariance - (weight.square() + 1e-16).log();
}
