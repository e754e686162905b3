namespace KernelGen.Pruning;

/// <summary>
/// What is known of a layer beside its weights, measured on calibration batches or added up in training; what no criterion needs
/// (<see cref="ICriterion.Needs"/>) is empty. Gradients are those of the mean loss L over the samples; z = W x + b is what the activation takes.
/// </summary>
public sealed record LayerEvidence
{
    /// <summary>Nothing but the weights.</summary>
    public static LayerEvidence None { get; } = new();

    /// <summary>dL/dW over all samples, row-major [out, in].</summary>
    public ReadOnlyMemory<float> Gradient { get; init; }

    /// <summary>The mean of (dL_i/dW)^2 over the samples i, row-major [out, in]: the diagonal of the empirical Fisher matrix.</summary>
    public ReadOnlyMemory<float> SquaredGradient { get; init; }

    /// <summary>dL_i/dW of some samples i, [samples, out, in] in one piece.</summary>
    public ReadOnlyMemory<float> SampleGradients { get; init; }

    /// <summary>H g, the Hessian of L times its gradient, both over the weights of the whole model; this layer's part, row-major [out, in].</summary>
    public ReadOnlyMemory<float> HessianGradient { get; init; }

    /// <summary>The sum of |g w| over the steps of training, row-major [out, in].</summary>
    public ReadOnlyMemory<float> Sensitivity { get; init; }

    /// <summary>The sum of -g w over the steps of training, row-major [out, in]: positive where weights move away from 0.</summary>
    public ReadOnlyMemory<float> Movement { get; init; }

    /// <summary>
    /// d ln R / d|W|, R = 1^T prod |W_l| 1 over the active weights of all layers, row-major [out, in]: dR/d|W| up to a factor that all layers
    /// share, which overflows in no deep model. <see cref="MaskUpdater"/> computes it by itself.
    /// </summary>
    public ReadOnlyMemory<float> Flow { get; init; }

    /// <summary>The Euclidean norm of each input over the samples, [in].</summary>
    public ReadOnlyMemory<float> InputNorms { get; init; }

    /// <summary>The mean of x x^T over the samples, row-major [in, in].</summary>
    public ReadOnlyMemory<float> InputGram { get; init; }

    /// <summary>The mean of g g^T over the samples, g = dL_i/dz, row-major [out, out].</summary>
    public ReadOnlyMemory<float> GradientGram { get; init; }

    /// <summary>The mean of each output over the samples, behind the activation, [out].</summary>
    public ReadOnlyMemory<float> OutputMeans { get; init; }

    /// <summary>The mean of y y^T over the samples, y behind the activation, row-major [out, out].</summary>
    public ReadOnlyMemory<float> OutputGram { get; init; }
}
