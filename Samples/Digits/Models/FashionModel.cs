using KernelGen;

namespace Digits.Models;

/// <summary>LeNet-300-100 at 90% sparsity: scores compete over all layers.</summary>
[SparseModel]
[Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.1, End = 0.6, Every = 100, Budget = Budget.Global, Sparsity = 0.9)]
internal sealed partial class FashionModel
{
    [Linear(784, 300, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc1 { get; }

    [Linear(300, 100, Activation = Activation.Relu), Unstructured]
    public partial Linear Fc2 { get; }

    [Linear(100, 10), Unstructured]
    public partial Linear Fc3 { get; }
}
