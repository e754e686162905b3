using KernelGen.Dispatch;
using KernelGen.Formats;

namespace KernelGen.Training;

/// <summary>
/// A layer whose mask stays while its weights change step by step: forward pass and gradients, each at the cost of the active weights. Batches are
/// feature-major: a layer's output is the next one's input, and nothing is transposed between them. Values are those of the active weights, row by row,
/// columns ascending. Not to be used by several threads at once.
/// </summary>
public sealed class TrainableLinear
{
    private readonly Linear _layer;
    private readonly TrainingKernels _kernels;

    // The model's own, where there is one.
    private readonly SparseMatrix? _weights;
    private readonly int[] _rowStarts;
    private readonly InstructionSet _set = Isa.Current;
    private readonly Packing _packing;
    private readonly bool _preactivation;

    // Of all products, since one runs at a time; the same for each mask, since it is large.
    private readonly Workspace _workspace;
    private readonly PanelProduct _forward;
    private readonly SampledProduct _weightGradient;
    private PanelProduct? _inputGradient;
    private bool _released;

    /// <summary>Takes a layer's mask, weights and bias, for the current instruction set.</summary>
    /// <param name="layer">A layer of a model that is marked <c>[SparseModel(Training = true)]</c>. It isn't changed before <see cref="Store"/>.</param>
    /// <exception cref="InvalidOperationException">The layer has no weights yet, or its model isn't marked for training.</exception>
    public TrainableLinear(Linear layer)
        : this(Checked(layer), layer.RequireState(), Packing.Thorough)
    {
    }

    /// <summary>Takes a mask, for the current instruction set; values come before anything else.</summary>
    /// <param name="layer">A layer of a model that is marked for training; only its kernels matter.</param>
    /// <param name="mask">The mask; its values don't matter, and needn't be there.</param>
    /// <param name="packing">Quick where the mask won't stay for long.</param>
    /// <param name="preactivation">Whether <see cref="Forward"/> leaves out the activation, where <see cref="NeedsPreactivation"/> says so.</param>
    /// <param name="inputGradient">Whether <see cref="InputGradient"/> is packed at once, while the mask is at hand.</param>
    /// <param name="workspace">That of the same layer with another mask, which isn't used at the same time.</param>
    internal TrainableLinear(Linear layer, SparseMatrix mask, Packing packing, bool preactivation, bool inputGradient = false, Workspace? workspace = null)
    {
        _workspace = workspace ?? new Workspace(1);
        _layer = layer;
        _kernels = layer.TrainingKernels!;
        _packing = packing;
        _rowStarts = mask.RowStarts();
        _preactivation = preactivation;
        var sums = preactivation && NeedsPreactivation(layer);
        using var numbered = new NumberedMask(mask);
        Activation = sums ? Activation.None : layer.Descriptor.Activation;
        _forward = new PanelProduct(
            layer.Descriptor with { Activation = Activation },
            sums ? _kernels.SparsePreactivation : layer.SparseKernels,
            sums ? _kernels.DensePreactivation! : layer.DenseKernels,
            numbered.Matrix,
            _rowStarts,
            isTransposed: false,
            _set,
            packing,
            _workspace);
        _weightGradient = new SampledProduct(_kernels, mask, _set, _workspace.ScratchOf(0));
        _inputGradient = inputGradient ? PackInputGradient(numbered) : null;
    }

    private TrainableLinear(Linear layer, LayerState state, Packing packing)
        : this(layer, state.Weights, packing, preactivation: false)
    {
        _weights = state.Weights;
        SetValues(state.Weights.Values, state.Bias);
    }

    /// <summary>The same layer with another mask, or packed otherwise; whatever is packed here is packed there.</summary>
    internal TrainableLinear WithMask(SparseMatrix mask, Packing packing)
        => new(_layer, mask, packing, _preactivation, inputGradient: _inputGradient is not null, _workspace);

    /// <summary>Active weights.</summary>
    public int Nonzeros => _weightGradient.Nonzeros;

    /// <summary>Which kernels run, and why.</summary>
    public TrainingPlan Plan => new(
        _layer.Name, _set, Nonzeros, _layer.Descriptor.WeightCount, _forward.Plan, _inputGradient?.Plan, _weightGradient.Plan);

    /// <summary>The mask, with whatever values it came with.</summary>
    internal SparseMatrix Mask
    {
        get
        {
            ThrowIfReleased();
            return _weights ?? _weightGradient.Mask();
        }
    }

    /// <summary>The mask with these values, in pooled memory: see <see cref="SparseMatrix.Return"/>.</summary>
    internal SparseMatrix WithValues(ReadOnlySpan<float> values)
    {
        ThrowIfReleased();
        return _weightGradient.Mask(values);
    }

    /// <summary>Bytes of all that is packed; what isn't packed yet doesn't count.</summary>
    internal long Bytes => (_rowStarts.Length * sizeof(int)) + _forward.Bytes + (_inputGradient?.Bytes ?? 0) + _weightGradient.Bytes;

    /// <summary>How the mask is packed.</summary>
    internal Packing Packing => _packing;

    /// <summary>What <see cref="Forward"/> applies.</summary>
    internal Activation Activation { get; }

    /// <summary>Whether the activation's slope can't be told from its result, so that a step of training takes what the activation takes.</summary>
    internal static bool NeedsPreactivation(Linear layer) => layer.TrainingKernels?.DensePreactivation is not null;

    /// <summary>The layer, if it has what training takes.</summary>
    /// <exception cref="InvalidOperationException">Its model isn't marked for training.</exception>
    internal static Linear Checked(Linear layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.TrainingKernels is not null ? layer : throw new InvalidOperationException(
            $"Layer '{layer.Name}' has no kernels of gradients: mark its model [SparseModel(Training = true)] and build again.");
    }

    /// <summary>Copies the values that the layer had.</summary>
    /// <param name="values">Receives <see cref="Nonzeros"/> values.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public void GetValues(Span<float> values)
    {
        Check(values.Length, Nonzeros, "values", nameof(values));
        Mask.Values.CopyTo(values);
    }

    /// <summary>Sets the values with which <see cref="Forward"/> and <see cref="InputGradient"/> go on.</summary>
    /// <param name="values"><see cref="Nonzeros"/> values.</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">A length is wrong; nothing is changed.</exception>
    public void SetValues(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        CheckValues(values.Length, nameof(values), bias.Length, nameof(bias));
        SetForwardValues(values, bias);
        SetInputGradientValues(values);
    }

    /// <summary>Sets the values of <see cref="Forward"/> alone.</summary>
    internal void SetForwardValues(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        ThrowIfReleased();
        _forward.Refresh(values, bias);
    }

    /// <summary>Sets the values of <see cref="InputGradient"/> alone, which is packed when first needed: a model's first layer mostly does without.</summary>
    internal void SetInputGradientValues(ReadOnlySpan<float> values)
    {
        ThrowIfReleased();
        if (_inputGradient is null)
        {
            using var numbered = new NumberedMask(Mask);
            _inputGradient = PackInputGradient(numbered);
        }

        _inputGradient.Refresh(values, []);
    }

    /// <summary>y = activation(W x + b).</summary>
    /// <param name="input">[InFeatures, batch].</param>
    /// <param name="output">Receives [OutFeatures, batch].</param>
    /// <param name="batch">Samples.</param>
    /// <exception cref="ArgumentException">A length is wrong, or input and output overlap.</exception>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int batch)
    {
        ForwardArguments.CheckBatch(batch);
        Check(input.Length, (long)_layer.InFeatures * batch, "inputs", nameof(input));
        Check(output.Length, (long)_layer.OutFeatures * batch, "outputs", nameof(output));
        CheckApart(input, output, nameof(output));
        ThrowIfReleased();
        _forward.Run(input, output, batch);
    }

    /// <summary>dX = W^T dZ.</summary>
    /// <param name="gradient">dZ, the gradient of what the activation takes: [OutFeatures, batch].</param>
    /// <param name="inputGradient">Receives dX: [InFeatures, batch].</param>
    /// <param name="batch">Samples.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the two overlap.</exception>
    public void InputGradient(ReadOnlySpan<float> gradient, Span<float> inputGradient, int batch)
    {
        ForwardArguments.CheckBatch(batch);
        Check(gradient.Length, (long)_layer.OutFeatures * batch, "gradients of outputs", nameof(gradient));
        Check(inputGradient.Length, (long)_layer.InFeatures * batch, "gradients of inputs", nameof(inputGradient));
        CheckApart(gradient, inputGradient, nameof(inputGradient));
        ThrowIfReleased();
        _inputGradient!.Run(gradient, inputGradient, batch);
    }

    /// <summary>dW = dZ X^T at the active weights (SDDMM), and db, the sums of dZ over the samples.</summary>
    /// <param name="input">X: [InFeatures, batch].</param>
    /// <param name="gradient">dZ, the gradient of what the activation takes: [OutFeatures, batch].</param>
    /// <param name="valueGradient">Receives <see cref="Nonzeros"/> values.</param>
    /// <param name="biasGradient">Receives OutFeatures values; empty for a layer without bias.</param>
    /// <param name="batch">Samples.</param>
    /// <exception cref="ArgumentException">A length is wrong, or what receives a gradient overlaps something else.</exception>
    public void WeightGradient(
        ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> valueGradient, Span<float> biasGradient, int batch)
    {
        ForwardArguments.CheckBatch(batch);
        Check(input.Length, (long)_layer.InFeatures * batch, "inputs", nameof(input));
        Check(gradient.Length, (long)_layer.OutFeatures * batch, "gradients of outputs", nameof(gradient));
        CheckValues(valueGradient.Length, nameof(valueGradient), biasGradient.Length, nameof(biasGradient));
        CheckApart(input, valueGradient, nameof(valueGradient));
        CheckApart(gradient, valueGradient, nameof(valueGradient));
        CheckApart(input, biasGradient, nameof(biasGradient));
        CheckApart(gradient, biasGradient, nameof(biasGradient));
        CheckApart(valueGradient, biasGradient, nameof(biasGradient));
        ThrowIfReleased();
        _weightGradient.Run(input, gradient, valueGradient, biasGradient, batch);
    }

    /// <summary>Gives the layer these values, with the mask that it had.</summary>
    /// <param name="values"><see cref="Nonzeros"/> values.</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">A length is wrong; the layer stays as it was.</exception>
    public void Store(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        CheckValues(values.Length, nameof(values), bias.Length, nameof(bias));
        _layer.State = _layer.CreateState(SparseMatrix.FromCsr(Mask, values.ToArray()), bias.ToArray());
    }

    /// <summary>Gives back the memory of what is packed, for the next mask's; this isn't to be used from now on.</summary>
    internal void Release()
    {
        ThrowIfReleased();
        _released = true;
        _forward.Release();
        _inputGradient?.Release();
        _weightGradient.Release();
    }

    private void ThrowIfReleased() => ObjectDisposedException.ThrowIf(_released, this);

    private PanelProduct PackInputGradient(NumberedMask numbered)
    {
        var turned = _layer.Descriptor with
        {
            InFeatures = _layer.OutFeatures,
            OutFeatures = _layer.InFeatures,
            Bias = false,
            Activation = Activation.None,
        };
        return new PanelProduct(
            turned, _kernels.SparseInputGradient, _kernels.DenseInputGradient, numbered.Transpose(), _rowStarts, isTransposed: true, _set, _packing, _workspace);
    }

    private void CheckValues(int values, string valuesParameter, int bias, string biasParameter)
    {
        Check(values, Nonzeros, "values of active weights", valuesParameter);
        Check(bias, _layer.Descriptor.Bias ? _layer.OutFeatures : 0, "biases", biasParameter);
    }

    private void CheckApart(ReadOnlySpan<float> other, ReadOnlySpan<float> receiver, string parameter)
    {
        if (receiver.Overlaps(other))
        {
            throw new ArgumentException($"Layer '{_layer.Name}': '{parameter}' overlaps another argument. Pass memory of its own.", parameter);
        }
    }

    private void Check(int length, long expected, string what, string parameter)
    {
        if (length != expected)
        {
            throw new ArgumentException($"Layer '{_layer.Name}' takes {expected} {what} here, not {length}.", parameter);
        }
    }
}
