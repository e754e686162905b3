using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// L0 regularisation by hard concrete gates (Louizos et al. 2018, arXiv 1712.01312): f(w) = w z, where z is 0 or 1 with probabilities above 0, and is
/// drawn at each forward pass in training. The penalty is the expected number of weights that aren't 0. After <c>eval()</c> z is
/// clamp(sigmoid(log a) (zeta - gamma) + gamma, 0, 1). Its parameter is <c>log_alpha</c> [down, across]: one of each unit.
/// </summary>
public sealed class HardConcrete : Reparametrisation
{
    private const double Beta = 2.0 / 3;
    private const double Gamma = -0.1;
    private const double Zeta = 1.1;

    private readonly WeightUnits _units;

    /// <summary>Prepares for a layer of blocks, or an unstructured one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="strength">The factor of the penalty; of a loss that is a mean over samples, some number over the samples of an epoch.</param>
    /// <param name="dropRate">The share of gates that are shut at the beginning, between 0 and 1.</param>
    /// <param name="unit">Which weights share a gate.</param>
    /// <exception cref="ArgumentException">The layer is N:M.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public HardConcrete(MaskedLinear layer, double strength, double dropRate = 0.5, PruningUnit unit = PruningUnit.Pattern)
        : base(layer)
    {
        if (Layer.Pattern is NMPattern)
        {
            RequireUnstructured();
        }

        Strength = Within(strength, 0, double.MaxValue, nameof(strength));
        Within(dropRate, 1e-6, 1 - 1e-6, nameof(dropRate));
        _units = new WeightUnits(Layer, unit);
        var weight = layer.Weight;
        using var noise = randn(_units.Shape, dtype: weight.dtype, device: weight.device);
        var values = (noise * 0.01) + Math.Log((1 - dropRate) / dropRate);
        register_parameter("log_alpha", new Parameter(values.DetachFromDisposeScope()));
    }

    /// <summary>The factor of the penalty.</summary>
    public double Strength { get; }

    /// <summary>Where the gates stand: [down, across].</summary>
    public Parameter LogAlpha => get_parameter("log_alpha")!;

    /// <inheritdoc/>
    public override Tensor Effective(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return (weight * _units.Spread(training ? Drawn(LogAlpha) : Expected(LogAlpha))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? Penalty(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        return ((OpenProbability(LogAlpha) * _units.Sum(Mask.to(weight.dtype))).sum() * Strength).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Weight, Tensor Mask) Final(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = NewDisposeScope();
        var gates = _units.Spread(Expected(LogAlpha));
        return ((weight * gates).MoveToOuterDisposeScope(), gates.gt(0).logical_and(Mask).MoveToOuterDisposeScope());
    }

    /// <summary>Draws gates.</summary>
    internal static Tensor Drawn(Tensor logAlpha)
    {
        // The logarithms of 0 and of 1 - 1 are no numbers.
        var u = rand_like(logAlpha).clamp(1e-6, 1 - 1e-6);
        return Stretched(((u.log() - (1 - u).log() + logAlpha) / Beta).sigmoid());
    }

    /// <summary>The gates of a test.</summary>
    internal static Tensor Expected(Tensor logAlpha) => Stretched(logAlpha.sigmoid());

    /// <summary>P(z != 0).</summary>
    internal static Tensor OpenProbability(Tensor logAlpha) => (logAlpha - (Beta * Math.Log(-Gamma / Zeta))).sigmoid();

    private static Tensor Stretched(Tensor s) => ((s * (Zeta - Gamma)) + Gamma).clamp(0, 1);
}
