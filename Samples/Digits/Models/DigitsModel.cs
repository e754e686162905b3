using KernelGen;

namespace Digits.Models;

/// <summary>8 x 8 digits, one layer of every pattern.</summary>
[SparseModel]
[Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.2, End = 0.7, Every = 10)]
internal sealed partial class DigitsModel
{
    [Linear(64, 256, Activation = Activation.Relu), Unstructured(Sparsity = 0.9)]
    public partial Linear Fc1 { get; }

    [Linear(256, 128, Activation = Activation.Relu), NM(1, 4)]
    public partial Linear Fc2 { get; }

    [Linear(128, 64, Activation = Activation.Relu), Block(16, 1, Sparsity = 0.75)]
    public partial Linear Fc3 { get; }

    [Linear(64, 10)]
    public partial Linear Fc4 { get; }
}
