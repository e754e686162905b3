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

    private const string ReparametrisationName = "reparametrisation";

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

    /// <summary>What the layer computes with in place of its weights; null for the weights themselves.</summary>
    public Reparametrisation? Reparametrisation => named_children().Select(child => child.module).OfType<Reparametrisation>().FirstOrDefault();

    /// <summary>Number of weights that are not pruned; of a layer that is reparametrised, as many as would be left after <see cref="Commit()"/>.</summary>
    public override long ActiveCount
    {
        get
        {
            using var scope = NewDisposeScope();
            var mask = Reparametrisation is { } own ? Final(own).Mask : Mask;
            return mask?.count_nonzero().item<long>() ?? Layer.WeightCount;
        }
    }

    /// <summary>
    /// Computes with a function of the weights from now on. Its parameters are the layer's too: create the optimiser afterwards.
    /// </summary>
    /// <param name="create">Creates it for this layer.</param>
    /// <exception cref="ArgumentException">It was created for another layer, or doesn't fit the layer's pattern.</exception>
    /// <exception cref="InvalidOperationException">The layer has one already.</exception>
    public void Reparametrise(Func<MaskedLinear, Reparametrisation> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        if (Reparametrisation is { } own)
        {
            throw new InvalidOperationException($"Layer '{Layer.Name}' is reparametrised already, by {own.GetType().Name}: call Commit first.");
        }

        var next = create(this);
        ArgumentNullException.ThrowIfNull(next);
        ThrowIfOfAnother(next);
        next.train(training);
        register_module(ReparametrisationName, next);
    }

    /// <summary>Checks that a function of weights was created for this layer.</summary>
    /// <exception cref="ArgumentException">It was created for another.</exception>
    internal void ThrowIfOfAnother(Reparametrisation? created)
    {
        if (created is not null && !ReferenceEquals(created.Layer, Layer))
        {
            throw new ArgumentException($"The {created.GetType().Name} for layer '{Layer.Name}' was created for layer '{created.Layer.Name}'.", nameof(created));
        }
    }

    /// <summary>The penalty of what the layer is reparametrised by: a number; null where there is none.</summary>
    public Tensor? Penalty()
    {
        using var weight = ActiveWeight();
        return Reparametrisation?.Penalty(weight);
    }

    /// <summary>
    /// Turns a layer that is reparametrised into plain weights and a mask, which compute what it does after <c>eval()</c>, or, with
    /// <see cref="TargetedDropout"/>, pruned. Begin with a new optimiser; without a reparametrisation nothing happens.
    /// </summary>
    /// <exception cref="InvalidOperationException">What would be left breaks the layer's pattern; nothing was changed.</exception>
    public void Commit() => Commit(ReadFinal());

    /// <summary>What <see cref="Commit()"/> would leave, row-major [out, in]; null without a reparametrisation.</summary>
    internal (float[] Weights, bool[] Mask)? ReadFinal()
    {
        if (Reparametrisation is not { } own)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (weight, mask) = Final(own);
        var active = TensorData.Bools(mask);
        return Layer.FindViolation(active) is { } violation
            ? throw new InvalidOperationException($"{violation} {own.GetType().Name} leaves that; nothing was changed.")
            : (TensorData.Floats(weight), active);
    }

    /// <summary>Takes over what it would leave.</summary>
    internal void Commit((float[] Weights, bool[] Mask)? final)
    {
        if (final is var (weights, mask))
        {
            Write(weights, mask);
            register_module(ReparametrisationName, null!);
        }
    }

    internal override Tensor ActiveWeight()
    {
        if (Mask is not { } mask)
        {
            return Weight.alias();
        }

        var weight = Weight;
        using var zero = zeros([], dtype: weight.dtype, device: weight.device);
        return where(mask, weight, zero);
    }

    internal override void ShrinkGroups(WeightUnits units, double step)
    {
        using var withoutGradient = no_grad();
        using var scope = NewDisposeScope();
        var weight = ActiveWeight();
        var norms = units.Sum(weight.square()).sqrt();
        var less = units.Sum(Mask!.to(weight.dtype)).sqrt() * step;
        var left = where(norms.gt(less), 1 - (less / norms), zeros_like(norms));
        Weight.copy_(weight * units.Spread(left));
    }

    private (Tensor Weight, Tensor Mask) Final(Reparametrisation own)
    {
        using var withoutGradient = no_grad();
        using var weight = ActiveWeight();
        return own.Final(weight);
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
        var sum = HasPattern ? MaskedSum(input) : nn.functional.linear(input, weight, Bias);
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

    internal override void WriteWeights(float[] weights) => TensorData.Write(Weight, weights);

    internal override void ChangeMask(SparseMatrix mask, LayerMemory memory, Packing packing = Packing.Quick, SparseMatrix? former = null)
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
    private Tensor MaskedSum(Tensor input)
    {
        var active = ActiveWeight();
        var sum = Reparametrisation is { } own ? own.Product(input, active, Bias) : nn.functional.linear(input, active, Bias);
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
