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
    private readonly SparseMatrix _matrix;
    private readonly PanelProduct _forward;
    private readonly PanelProduct _inputGradient;
    private readonly SampledProduct _weightGradient;

    /// <summary>Takes a layer's mask, weights and bias, for the current instruction set.</summary>
    /// <param name="layer">A layer of a model that is marked <c>[SparseModel(Training = true)]</c>. It isn't changed before <see cref="Store"/>.</param>
    /// <exception cref="InvalidOperationException">The layer has no weights yet, or its model isn't marked for training.</exception>
    public TrainableLinear(Linear layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var kernels = layer.TrainingKernels ?? throw new InvalidOperationException(
            $"Layer '{layer.Name}' has no kernels of gradients: mark its model [SparseModel(Training = true)] and build again.");
        var state = layer.RequireState();
        var set = Isa.Current;
        _layer = layer;
        _matrix = state.Weights;
        var numbered = SparseMatrix.FromCsr(_matrix, RefreshedPack.Numbered(_matrix.Nonzeros));
        _forward = new PanelProduct(layer.Descriptor, layer.SparseKernels, layer.DenseKernels, numbered, set);
        var turned = layer.Descriptor with
        {
            InFeatures = layer.OutFeatures,
            OutFeatures = layer.InFeatures,
            Bias = false,
            Activation = Activation.None,
        };
        _inputGradient = new PanelProduct(turned, kernels.SparseInputGradient, kernels.DenseInputGradient, numbered.Transpose(), set);
        _weightGradient = new SampledProduct(kernels, _matrix, set, Packing.Thorough);
        SetValues(_matrix.Values, state.Bias);
    }

    /// <summary>Active weights.</summary>
    public int Nonzeros => _matrix.Nonzeros;

    /// <summary>Copies the values that the layer had.</summary>
    /// <param name="values">Receives <see cref="Nonzeros"/> values.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public void GetValues(Span<float> values)
    {
        Check(values.Length, Nonzeros, "values", nameof(values));
        _matrix.Values.CopyTo(values);
    }

    /// <summary>Sets the values with which <see cref="Forward"/> and <see cref="InputGradient"/> go on.</summary>
    /// <param name="values"><see cref="Nonzeros"/> values.</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">A length is wrong; nothing is changed.</exception>
    public void SetValues(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        CheckValues(values.Length, nameof(values), bias.Length, nameof(bias));
        _forward.Refresh(values, bias);
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
        _inputGradient.Run(gradient, inputGradient, batch);
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
        _weightGradient.Run(input, gradient, valueGradient, biasGradient, batch);
    }

    /// <summary>Gives the layer these values, with the mask that it had.</summary>
    /// <param name="values"><see cref="Nonzeros"/> values.</param>
    /// <param name="bias">OutFeatures values; empty for a layer without bias.</param>
    /// <exception cref="ArgumentException">A length is wrong; the layer stays as it was.</exception>
    public void Store(ReadOnlySpan<float> values, ReadOnlySpan<float> bias)
    {
        CheckValues(values.Length, nameof(values), bias.Length, nameof(bias));
        _layer.State = _layer.CreateState(SparseMatrix.FromCsr(_matrix, values.ToArray()), bias.ToArray());
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
