namespace KernelGen.Pruning;

/// <summary>What a criterion needs to know beside the weights; each names a property of <see cref="LayerEvidence"/>.</summary>
[Flags]
public enum Evidence
{
    /// <summary>The weights alone.</summary>
    None = 0,

    /// <summary>The gradient of the loss: <see cref="LayerEvidence.Gradient"/>.</summary>
    Gradient = 1 << 0,

    /// <summary>Gradients of single samples, squared: <see cref="LayerEvidence.SquaredGradient"/>.</summary>
    SquaredGradient = 1 << 1,

    /// <summary>Gradients of single samples: <see cref="LayerEvidence.SampleGradients"/>.</summary>
    SampleGradients = 1 << 2,

    /// <summary>The Hessian times the gradient: <see cref="LayerEvidence.HessianGradient"/>.</summary>
    HessianGradient = 1 << 3,

    /// <summary>What the steps of training added up: <see cref="LayerEvidence.Sensitivity"/>.</summary>
    Sensitivity = 1 << 4,

    /// <summary>What the steps of training added up: <see cref="LayerEvidence.Movement"/>.</summary>
    Movement = 1 << 5,

    /// <summary>The flow through |weights| alone, without data, so that nobody need give it: <see cref="LayerEvidence.Flow"/>.</summary>
    Flow = 1 << 6,

    /// <summary>Norms of the inputs: <see cref="LayerEvidence.InputNorms"/>.</summary>
    InputNorms = 1 << 7,

    /// <summary>Products of inputs: <see cref="LayerEvidence.InputGram"/>.</summary>
    InputGram = 1 << 8,

    /// <summary>Products of the gradients of outputs: <see cref="LayerEvidence.GradientGram"/>.</summary>
    GradientGram = 1 << 9,

    /// <summary>Means of the outputs: <see cref="LayerEvidence.OutputMeans"/>.</summary>
    OutputMeans = 1 << 10,

    /// <summary>Products of outputs: <see cref="LayerEvidence.OutputGram"/>.</summary>
    OutputGram = 1 << 11,
}
