namespace KernelGen.Torch.Tests;

/// <summary>One layer of each pattern, with emitted kernels.</summary>
[SparseModel]
[Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.1, End = 0.7, Every = 10)]
internal sealed partial class AnnotatedModel
{
    [Linear(20, 32, Activation = Activation.Gelu), Unstructured(Sparsity = 0.9)]
    public partial Linear Fc1 { get; }

    [Linear(32, 24, Activation = Activation.Tanh), NM(2, 4)]
    public partial Linear Fc2 { get; }

    [Linear(24, 16, Activation = Activation.Silu, Bias = false), Block(2, 4, Sparsity = 0.75)]
    public partial Linear Fc3 { get; }

    [Linear(16, 5)]
    public partial Linear Fc4 { get; }
}
