namespace KernelGen.Torch.Tests;

/// <summary>Every pattern, and every activation with a bias and without, for training on emitted kernels. Shapes are odd, cut blocks and groups.</summary>
[SparseModel(Training = true)]
[Prune(Criterion.Magnitude, Schedule.Cubic, Begin = 0.1, End = 0.7, Every = 10)]
internal sealed partial class ManyPatterns
{
    [Linear(20, 37, Activation = Activation.Relu), Unstructured(Sparsity = 0.7)]
    public partial Linear Fc1 { get; }

    [Linear(37, 32, Activation = Activation.Tanh), NM(2, 4)]
    public partial Linear Fc2 { get; }

    [Linear(32, 33, Activation = Activation.Silu, Bias = false), Block(16, 1, Sparsity = 0.6)]
    public partial Linear Fc3 { get; }

    [Linear(33, 24, Activation = Activation.LeakyRelu, NegativeSlope = 0.2f), Block(2, 4, Sparsity = 0.5)]
    public partial Linear Fc4 { get; }

    [Linear(24, 5)]
    public partial Linear Fc5 { get; }
}

/// <summary>The other activations.</summary>
[SparseModel(Training = true)]
internal sealed partial class ManyActivations
{
    [Linear(20, 37, Activation = Activation.Gelu), Unstructured(Sparsity = 0.5)]
    public partial Linear Fc1 { get; }

    [Linear(37, 40, Activation = Activation.GeluTanh), NM(1, 4)]
    public partial Linear Fc2 { get; }

    [Linear(40, 33, Activation = Activation.Sigmoid, Bias = false), Unstructured(Sparsity = 0.3)]
    public partial Linear Fc3 { get; }

    [Linear(33, 24, Activation = Activation.LeakyRelu, NegativeSlope = -0.3f), Unstructured(Sparsity = 0.6)]
    public partial Linear Fc4 { get; }

    [Linear(24, 5, Activation = Activation.Silu)]
    public partial Linear Fc5 { get; }
}
