using TorchSharp;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// What a <see cref="MaskedLinear"/> computes with in place of its weights: a function of them, with parameters of its own, which belong to the
/// module's. A method of your own overrides <see cref="Effective"/>.
/// </summary>
/// <remarks>
/// Parameters are registered by name, and looked up each time: a move to another device or type replaces them. Random numbers come from torch's
/// generator, so that equal seeds give equal runs; <c>eval()</c> chooses what is deterministic.
/// </remarks>
public abstract class Reparametrisation : nn.Module
{
    // No field of a module's type: TorchSharp would take the layer for a part of this.
    private readonly Func<Tensor> _mask;

    /// <summary>Prepares for a layer.</summary>
    /// <param name="layer">A layer that has a sparsity pattern.</param>
    /// <exception cref="ArgumentException">It has none.</exception>
    protected Reparametrisation(MaskedLinear layer)
        : base("reparametrisation")
    {
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer.Layer;
        if (!layer.HasPattern)
        {
            throw new ArgumentException($"Layer '{Layer.Name}' is declared dense, so that no weight of it can be pruned: give it a pattern, or leave it out.", nameof(layer));
        }

        _mask = () => layer.Mask!;
    }

    /// <summary>The layer as declared.</summary>
    public LayerDescriptor Layer { get; }

    /// <summary>The weights that can be active: bool [out, in].</summary>
    protected Tensor Mask => _mask();

    /// <summary>What the layer computes with.</summary>
    /// <param name="weight">Its weights [out, in], 0 outside the mask.</param>
    /// <returns>Weights [out, in] through which gradients reach what is trained; a tensor of its own, which is disposed of: <c>weight.alias()</c>, never weight.</returns>
    public abstract Tensor Effective(Tensor weight);

    /// <summary>The layer's product; by default x f(W)^T + b.</summary>
    /// <param name="input">Activations [..., in].</param>
    /// <param name="weight">The layer's weights [out, in], 0 outside the mask.</param>
    /// <param name="bias">[out], or null.</param>
    /// <returns>Activations [..., out], before the layer's activation function.</returns>
    public virtual Tensor Product(Tensor input, Tensor weight, Tensor? bias)
    {
        using var effective = Effective(weight);
        return nn.functional.linear(input, effective, bias!);
    }

    /// <summary>A term for the loss.</summary>
    /// <param name="weight">The layer's weights [out, in], 0 outside the mask.</param>
    /// <returns>A number; null where the method has none.</returns>
    public virtual Tensor? Penalty(Tensor weight) => null;

    /// <summary>What stays in the end; by default what <see cref="Effective"/> gives after <c>eval()</c>, with its nonzeros as the mask.</summary>
    /// <param name="weight">The layer's weights [out, in], 0 outside the mask.</param>
    /// <returns>Plain weights [out, in], and which are active: bool [out, in].</returns>
    public virtual (Tensor Weight, Tensor Mask) Final(Tensor weight)
    {
        var was = training;
        eval();
        try
        {
            var effective = Effective(weight);
            return (effective, effective.ne(0));
        }
        finally
        {
            train(was);
        }
    }

    /// <summary>Checks that single weights may be chosen freely.</summary>
    private protected void RequireUnstructured()
    {
        if (Layer.Pattern is not UnstructuredPattern)
        {
            throw new ArgumentException(
                $"Layer '{Layer.Name}' is declared {Layer.Pattern}, and {GetType().Name} chooses single weights, which would break that: declare it unstructured, or leave it out.");
        }
    }

    /// <summary>Checks that a number lies in a range.</summary>
    private protected static double Within(double value, double from, double to, string name)
        => value >= from && value <= to ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"It lies between {from} and {to}."));
}
