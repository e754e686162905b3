namespace KernelGen.Dispatch;

/// <summary>What a layer needs beside its forward kernels to be trained, for every instruction set.</summary>
public sealed class TrainingKernels
{
    /// <summary>Collects the kernels of one kind of layer.</summary>
    /// <param name="sparseInputGradient">Kernels of W^T without activation, for the declared pattern turned round; null for a dense layer.</param>
    /// <param name="denseInputGradient">Kernels of W^T as if it were dense.</param>
    /// <param name="weightGradient">Kernels of the weights' and the bias's gradient.</param>
    public TrainingKernels(LayerKernels? sparseInputGradient, LayerKernels denseInputGradient, SampledKernel[] weightGradient)
    {
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
}
