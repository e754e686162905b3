using Digits.Data;
using KernelGen;

namespace Digits.Training;

/// <summary>A trained module and its weights on the emitted kernels.</summary>
/// <param name="Trained">What TorchSharp trained.</param>
/// <param name="Model">The same weights on the emitted kernels.</param>
/// <param name="Accuracy">The model's test accuracy.</param>
/// <param name="LogitDifference">The largest difference to TorchSharp's logits over the test set.</param>
internal sealed record Deployment(TrainedModule Trained, ISparseModel Model, double Accuracy, double LogitDifference)
{
    public static Deployment Of(TrainedModule trained, ISparseModel model, LabelledImages test)
    {
        var logits = Evaluation.Logits(model, test);
        var difference = Evaluation.LargestDifference(logits, Evaluation.Logits(trained.Module, test));
        return new Deployment(trained, model, Evaluation.Accuracy(logits, test), difference);
    }
}
