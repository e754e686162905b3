using KernelGen;

namespace SparseTraining.Models;

/// <summary>64-300-100-10 with kernels of gradients: any weight may be active.</summary>
[SparseModel(Training = true)]
internal sealed partial class DigitsSparse
{
    [Linear(64, 300, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc1 { get; }

    [Linear(300, 100, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc2 { get; }

    [Linear(100, 10), Unstructured]
    public partial Linear Fc3 { get; }
}
