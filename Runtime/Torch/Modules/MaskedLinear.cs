using KernelGen.Formats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A layer as torch trains it: y = activation(x (W * mask)^T + b), computed densely. Pruned weights neither contribute nor get a
/// gradient.
/// </summary>
public sealed class MaskedLinear : TrainedLayer
{
    // The weights that forward passes computed with.
    private List<Tensor>? _kept;

    /// <summary>Creates a layer with the given mask, or every weight active, initialised as torch.nn.Linear is: uniform within 1 / sqrt(in).</summary>
    internal MaskedLinear(LayerDescriptor layer, InitialValues initial, bool[]? mask)
        : base(layer)
    {
        register_parameter("weight", initial.Weight(layer));
        if (layer.Bias)
        {
            register_parameter("bias", initial.Bias(layer));
        }

        if (HasPattern)
        {
            var active = ones(layer.OutFeatures, layer.InFeatures, dtype: ScalarType.Bool);
            register_buffer("mask", active.DetachFromDisposeScope());
            if (mask is not null)
            {
                TensorData.Write(active, mask);
                ZeroPruned();
            }
        }
    }

    /// <summary>The weights [out, in]; pruned ones are 0 after each step of a <see cref="Pruner"/>.</summary>
    public override Parameter Weight => get_parameter("weight")!;

    /// <summary>Which weights are active: bool [out, in]; null for a layer without a sparsity pattern, where all are.</summary>
    public Tensor? Mask => HasPattern ? get_buffer("mask") : null;

    /// <inheritdoc/>
    public override long ActiveCount
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
    internal void ZeroPruned(Tensor tensor) => Fill(tensor, 0);

    // Sets elements where weights are pruned.
    private void Fill(Tensor? tensor, float value)
    {
        if (tensor is not null && Mask is { } mask)
        {
            using var withoutGradient = no_grad();
            using var pruned = mask.logical_not();
            tensor.masked_fill_(pruned, value);
        }
    }

    internal override bool[] ReadMask()
    {
        if (Mask is { } mask)
        {
            return TensorData.Bools(mask);
        }

        var full = new bool[Layer.WeightCount];
        Array.Fill(full, true);
        return full;
    }

    internal override float[] ReadWeights() => TensorData.Floats(Weight);

    internal override void Write(float[] weights, bool[] mask)
    {
        TensorData.Write(Weight, weights);
        if (Mask is { } own)
        {
            TensorData.Write(own, mask);
        }
    }

    internal override SparseMatrix ReadActive()
    {
        var mask = SparseMatrix.FromMask(ReadMask(), Layer.OutFeatures, Layer.InFeatures);
        var values = new float[mask.Nonzeros];
        mask.Compress(ReadWeights(), values);
        return SparseMatrix.FromCsr(mask, values);
    }

    internal override void ChangeMask(SparseMatrix mask, LayerMemory memory)
    {
        if (Mask is { } own)
        {
            // What was pruned until now has nothing left, whoever wrote to it since; nor has what is pruned now.
            ForgetPruned(memory);
            Fill(memory.Rates, memory.FreshRate);
            var active = new bool[Layer.WeightCount];
            mask.ToMask(active);
            TensorData.Write(own, active);
            ForgetPruned(memory);
            Fill(memory.Rates, memory.FreshRate);
        }
    }

    internal override void ForgetPruned(IEnumerable<Tensor> memory)
    {
        ZeroPruned();
        foreach (var tensor in memory)
        {
            ZeroPruned(tensor);
        }
    }

    internal override void KeepBatches(bool keep)
    {
        _kept?.ForEach(tensor => tensor.Dispose());
        _kept = keep ? [] : null;
    }

    internal override void DenseGradient(int firstRow, int rows, Span<float> gradient)
    {
        gradient.Clear();
        var any = false;
        foreach (var weights in _kept ?? [])
        {
            using var dense = weights.grad;
            using var part = dense?.narrow(0, firstRow, rows);
            if (part is not null)
            {
                var own = TensorData.Floats(part);
                for (var i = 0; i < own.Length; i++)
                {
                    gradient[i] += own[i];
                }

                any = true;
            }
        }

        if (!any)
        {
            throw NoBatch();
        }
    }

    // A selection, not a product: an infinite gradient times 0 would be NaN.
    private Tensor MaskedSum(Tensor input, Parameter weight, Tensor mask)
    {
        using var zero = zeros([], dtype: weight.dtype, device: weight.device);
        var active = where(mask, weight, zero);
        var sum = nn.functional.linear(input, active, Bias);
        if (_kept is { } kept && active.requires_grad)
        {
            // Its gradient is the dense one: of pruned weights, too.
            active.retain_grad();
            kept.Add(active.DetachFromDisposeScope());
        }
        else
        {
            active.Dispose();
        }

        return sum;
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
}
