using KernelGen.Training;
using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>One forward pass of a layer, as its backward pass needs to know it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="NeedsInput">Whether the input's gradient is wanted.</param>
/// <param name="NeedsValues">Whether the values' gradient is wanted.</param>
/// <param name="NeedsBias">Whether the bias's gradient is wanted.</param>
internal sealed record SparseCall(SparseLinear Layer, bool NeedsInput, bool NeedsValues, bool NeedsBias)
{
    // The mask may have changed since.
    private readonly TrainableLinear _products = Layer.Products;

    /// <summary>Whether the activation's slope is told from its result; else torch applies the activation, or there is none.</summary>
    public bool KeepsResult => Activation is not Activation.None;

    private Activation Activation => _products.Activation;

    /// <summary>Runs the layer.</summary>
    /// <param name="x">The input, feature-major: [in, batch].</param>
    /// <param name="y">Receives [batch, out], feature-major in memory.</param>
    /// <param name="values">[capacity].</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="batch">Samples.</param>
    public void Forward(Tensor x, Tensor y, Tensor values, Tensor? bias, int batch)
    {
        using var turned = y.t();
        _products.SetForwardValues(TensorData.Span(values)[.._products.Nonzeros], bias is null ? [] : TensorData.Span(bias));
        _products.Forward(TensorData.Span(x), TensorData.Span(turned), batch);
    }

    /// <summary>Computes what is wanted of the gradients of input [batch, in], values [capacity] and bias [out].</summary>
    public void Gradients(Tensor x, Tensor values, Tensor? y, Tensor dy, List<Tensor?> gradients)
    {
        var batch = (int)x.shape[1];
        using var turned = dy.t();
        using var rows = turned.contiguous();
        var dz = TensorData.Span(rows);
        if (y is not null)
        {
            using var result = y.t();
            var memory = Layer.GradientMemory(dz.Length);
            ActivationSlope.Multiply(Layer.Layer, TensorData.Span(result), dz, memory);
            dz = memory;
        }

        Layer.Keep(x, dz);
        if (NeedsValues || NeedsBias)
        {
            var dw = empty(values.shape);
            var db = Layer.Layer.Bias ? empty(Layer.Layer.OutFeatures) : null;
            var gradient = TensorData.Span(dw);
            _products.WeightGradient(TensorData.Span(x), dz, gradient[.._products.Nonzeros], db is null ? [] : TensorData.Span(db), batch);
            gradient[_products.Nonzeros..].Clear();
            gradients[1] = dw;
            gradients[2] = db;
        }

        if (NeedsInput)
        {
            using var dx = empty(Layer.Layer.InFeatures, batch);
            _products.SetInputGradientValues(TensorData.Span(values)[.._products.Nonzeros]);
            _products.InputGradient(dz, TensorData.Span(dx), batch);
            gradients[0] = dx.t();
        }
    }

    /// <summary>The same by torch's own functions, densely, so that the gradients have gradients in turn.</summary>
    public void DifferentiableGradients(Tensor input, Tensor x, Tensor values, Tensor? y, Tensor dy, List<Tensor?> gradients)
    {
        var (rows, columns) = (Layer.Layer.OutFeatures, Layer.Layer.InFeatures);
        var dz = y is null ? dy : dy * Slope(y);
        Keep(x, dz);
        var places = from_array(_products.Mask.Places());
        if (NeedsInput)
        {
            var weights = zeros((long)rows * columns).index_add(0, places, values.narrow(0, 0, _products.Nonzeros), 1).reshape(rows, columns);
            gradients[0] = dz.matmul(weights);
        }

        if (NeedsValues)
        {
            var active = dz.t().matmul(input).reshape(-1).index_select(0, places);
            gradients[1] = cat([active, zeros(values.shape[0] - _products.Nonzeros)]);
        }

        gradients[2] = NeedsBias ? dz.sum([0L]) : null;
    }

    private void Keep(Tensor x, Tensor dz)
    {
        using var withoutGradient = no_grad();
        using var scope = NewDisposeScope();
        Layer.Keep(x.detach(), TensorData.Span(dz.detach().t().contiguous()));
    }

    private Tensor Slope(Tensor y) => Activation switch
    {
        Activation.Sigmoid => y * (1 - y),
        Activation.Tanh => 1 - (y * y),
        _ => where(y <= 0, tensor(Activation == Activation.LeakyRelu ? Layer.Layer.NegativeSlope : 0f), tensor(1f)),
    };
}
