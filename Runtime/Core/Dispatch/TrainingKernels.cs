namespace KernelGen.Dispatch;

/// <summary>What a layer needs beside its forward kernels to be trained, for every instruction set.</summary>
public sealed class TrainingKernels
{
    /// <summary>Collects the kernels of one kind of layer.</summary>
    /// <param name="sparseInputGradient">Kernels of W^T without activation, for the declared pattern turned round; null for a dense layer.</param>
    /// <param name="denseInputGradient">Kernels of W^T as if it were dense.</param>
    /// <param name="weightGradient">Kernels of the weights' and the bias's gradient.</param>
    /// <param name="sparsePreactivation">Forward kernels without the activation; null for a dense layer, and where they aren't needed.</param>
    /// <param name="densePreactivation">The same as if W were dense; null where the activation's slope can be told from its result.</param>
    public TrainingKernels(
        LayerKernels? sparseInputGradient, LayerKernels denseInputGradient, SampledKernel[] weightGradient,
        LayerKernels? sparsePreactivation = null, LayerKernels? densePreactivation = null)
    {
        SparsePreactivation = sparsePreactivation;
        DensePreactivation = densePreactivation;
        SparseInputGradient = sparseInputGradient;
        DenseInputGradient = denseInputGradient;
        WeightGradient = weightGradient;
    }

    /// <summary>Kernels of W^T without activation, for the declared pattern turned round; null for a dense layer.</summary>
    public LayerKernels? SparseInputGradient { get; }

    /// <summary>Kernels of W^T as if it were dense.</summary>
    public LayerKernels DenseInputGradient { get; }

    /// <summary>Kernels of the weights' and the bias's gradient.</summary>
    public IReadOnlyList<SampledKernel> WeightGradient { get; }

    /// <summary>Forward kernels without the activation; null for a dense layer, and where <see cref="DensePreactivation"/> is.</summary>
    public LayerKernels? SparsePreactivation { get; }

    /// <summary>
    /// The same as if W were dense; null where a training step does without what the activation takes: its slope can be told from its result.
    /// </summary>
    public LayerKernels? DensePreactivation { get; }
}
