using KernelGen;

namespace SparseTraining.Models;

/// <summary>The layers of <see cref="FashionSparse"/> without patterns: the baseline, trained by TorchSharp.</summary>
[SparseModel]
internal sealed partial class FashionDense
{
    [Linear(784, 300, Activation = Activation.Relu)]
    public partial Linear Fc1 { get; }

    [Linear(300, 100, Activation = Activation.Relu)]
    public partial Linear Fc2 { get; }

    [Linear(100, 10)]
    public partial Linear Fc3 { get; }
}
