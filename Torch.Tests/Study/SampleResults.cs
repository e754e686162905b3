using Study.Running;
using Study.Training;

namespace KernelGen.Torch.Tests.Study;

/// <summary>Results with figures that are easy to follow by hand.</summary>
internal static class SampleResults
{
    public static readonly Settings Settings = new(LearningRate: 0.002, Dropout: 0.1);

    /// <summary>Of 1000 weights and 10 biases, tested on 100 images of 2 classes.</summary>
    public static RunResult Of(string method, double sparsity, int seed, int correct, int? onKernels = null)
    {
        var nonzeros = (long)Math.Round((1 - sparsity) * 1000);
        return new RunResult
        {
            Run = new RunKey("blots", method, sparsity, seed, Epochs: 4, Batch: 8, Settings),
            Version = "1.2.3",
            Mode = sparsity == 0 ? "Exact" : "Sparse",
            Kernels = "Avx2",
            CorrectInValidation = correct / 2,
            ValidationSamples = 50,
            Correct = correct,
            CorrectOnKernels = onKernels ?? correct,
            Samples = 100,
            Classes = 2,
            Weights = 1000,
            LayerNonzeros = [nonzeros],
            Parameters = nonzeros + 10,
            FileBytes = 4 * (nonzeros + 10),
            InferenceFlops = 2 * nonzeros,
            TrainingFlops = 6 * nonzeros,
            Steps = 500,
            StepMilliseconds = 2 * seed,
            TrainingBytes = 12 * nonzeros,
        };
    }
}
