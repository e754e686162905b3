using KernelGen.Measures;

namespace Study.Running;

/// <summary>What a run gave: a line of the results file. Nothing in it names a machine.</summary>
internal sealed record RunResult
{
    public required RunKey Run { get; init; }

    /// <summary>The version of the code, and where it was built from a repository, the first digits of the commit.</summary>
    public required string Version { get; init; }

    /// <summary>How it was trained: "Exact" (dense products and masks, by TorchSharp) or "Sparse" (the emitted kernels).</summary>
    public required string Mode { get; init; }

    /// <summary>The instruction set of the emitted kernels.</summary>
    public required string Kernels { get; init; }

    /// <summary>Validation images that the final module gets right: what is chosen is chosen by them.</summary>
    public required int CorrectInValidation { get; init; }

    /// <summary>Validation images.</summary>
    public required int ValidationSamples { get; init; }

    /// <summary>Test images that the final module gets right, by TorchSharp or as it was trained.</summary>
    public required int Correct { get; init; }

    /// <summary>The same of the saved file, loaded into the annotated model, on the emitted kernels.</summary>
    public required int CorrectOnKernels { get; init; }

    /// <summary>Test images.</summary>
    public required int Samples { get; init; }

    /// <summary>Classes to choose from.</summary>
    public required int Classes { get; init; }

    /// <summary>Weights, active or not.</summary>
    public required long Weights { get; init; }

    /// <summary>Active weights of each layer.</summary>
    public required IReadOnlyList<long> LayerNonzeros { get; init; }

    /// <summary>Active weights and biases.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the saved file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Operations of inference on one sample.</summary>
    public required long InferenceFlops { get; init; }

    /// <summary>Operations of training on one sample in one step, in the mean over the run, where inactive weights cost nothing.</summary>
    public required double TrainingFlops { get; init; }

    /// <summary>Optimiser steps.</summary>
    public required long Steps { get; init; }

    /// <summary>The mean step: forward pass, loss, backward pass, optimiser, and changes of masks. Null of a resumed run.</summary>
    public required double? StepMilliseconds { get; init; }

    /// <summary>The most bytes of weights, masks, packed copies and what the optimiser remembers, at the ends of epochs. Null of a resumed run.</summary>
    public required long? TrainingBytes { get; init; }

    public long Nonzeros => LayerNonzeros.Sum();

    public double ValidationAccuracy => (double)CorrectInValidation / ValidationSamples;

    public double Accuracy => (double)Correct / Samples;

    public double AccuracyKernels => (double)CorrectOnKernels / Samples;

    /// <summary>Right predictions per parameter.</summary>
    public double ParameterEfficiency => (double)Correct / Parameters;

    /// <summary>Right predictions beyond guessing, weighed by their hardness, per parameter.</summary>
    public double HardnessEfficiency => new Quality(Correct, Samples, Classes).Hardness / Parameters;
}
