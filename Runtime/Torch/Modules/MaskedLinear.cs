using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A layer as torch trains it: y = activation(x (W * mask)^T + b), computed densely. Pruned weights neither contribute nor get a
/// gradient.
/// </summary>
public sealed class MaskedLinear : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates a layer with every weight active, initialised as torch.nn.Linear is: uniform within 1 / sqrt(in).</summary>
    internal MaskedLinear(LayerDescriptor layer, Generator? generator)
        : base(layer.Name)
    {
        Layer = layer;
        var bound = 1 / Math.Sqrt(layer.InFeatures);
        register_parameter("weight", Uniform([layer.OutFeatures, layer.InFeatures], bound, generator));
        if (layer.Bias)
        {
            register_parameter("bias", Uniform([layer.OutFeatures], bound, generator));
        }

        if (layer.Pattern is not DensePattern)
        {
            var mask = ones(layer.OutFeatures, layer.InFeatures, dtype: ScalarType.Bool);
            register_buffer("mask", mask.DetachFromDisposeScope());
        }
    }

    /// <summary>The layer as declared.</summary>
    public LayerDescriptor Layer { get; }

    // Looked up each time: a move to another device or type replaces them.

    /// <summary>The weights [out, in]; pruned ones are 0 after each step of a <see cref="Pruner"/>.</summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary>The bias [out], or null where the layer has none.</summary>
    public Parameter? Bias => Layer.Bias ? get_parameter("bias") : null;

    /// <summary>Which weights are active: bool [out, in]; null for a layer without a sparsity pattern, where all are.</summary>
    public Tensor? Mask => Layer.Pattern is DensePattern ? null : get_buffer("mask");

    /// <summary>The fraction of weights that are pruned.</summary>
    public double Sparsity => 1 - ((double)ActiveCount / Layer.WeightCount);

    /// <summary>Number of weights that are not pruned.</summary>
    public long ActiveCount
    {
        get
        {
            using var count = Mask?.count_nonzero();
            return count?.item<long>() ?? Layer.WeightCount;
        }
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="input">Activations [..., in], of the weights' type.</param>
    /// <returns>Activations [..., out].</returns>
    /// <exception cref="ArgumentException">The shape or the type doesn't fit.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var weight = Weight;
        Validate(input, weight);
        var sum = Mask is { } mask ? MaskedSum(input, weight, mask) : nn.functional.linear(input, weight, Bias);
        var output = Activations.Apply(Layer, sum);
        if (!ReferenceEquals(output, sum))
        {
            sum.Dispose();
        }

        return output;
    }

    /// <summary>Sets pruned weights to 0.</summary>
    internal void ZeroPruned() => ZeroPruned(Weight);

    /// <summary>Sets the elements of a tensor [out, in] to 0 where weights are pruned.</summary>
    internal void ZeroPruned(Tensor tensor)
    {
        if (Mask is { } mask)
        {
            using var withoutGradient = no_grad();
            using var pruned = mask.logical_not();
            tensor.masked_fill_(pruned, 0);
        }
    }

    // A selection, not a product: an infinite gradient times 0 would be NaN.
    private Tensor MaskedSum(Tensor input, Parameter weight, Tensor mask)
    {
        using var zero = zeros([], dtype: weight.dtype, device: weight.device);
        using var active = where(mask, weight, zero);
        return nn.functional.linear(input, active, Bias);
    }

    private void Validate(Tensor input, Parameter weight)
    {
        var shape = input.shape;
        if (shape.Length == 0 || shape[^1] != Layer.InFeatures)
        {
            throw new ArgumentException(
                $"Layer '{Layer.Name}\' takes activations of shape [..., {Layer.InFeatures}], but got [{string.Join(", ", shape)}].",
                nameof(input));
        }

        if (input.dtype != weight.dtype)
        {
            throw new ArgumentException(
                $"Layer '{Layer.Name}\' takes activations of type {weight.dtype}, but got {input.dtype}.", nameof(input));
        }
    }

    private static Parameter Uniform(long[] shape, double bound, Generator? generator)
    {
        var values = empty(shape, dtype: ScalarType.Float32).uniform_(-bound, bound, generator);
        return (Parameter)new Parameter(values).DetachFromDisposeScope();
    }
}
