using KernelGen;

namespace SparseTraining.Models;

/// <summary>The layers of <see cref="DigitsSparse"/> without patterns: the baseline, trained by TorchSharp.</summary>
[SparseModel]
internal sealed partial class DigitsDense
{
    [Linear(64, 300, Activation = Activation.Relu)]
    public partial Linear Fc1 { get; }

    [Linear(300, 100, Activation = Activation.Relu)]
    public partial Linear Fc2 { get; }

    [Linear(100, 10)]
    public partial Linear Fc3 { get; }
}
