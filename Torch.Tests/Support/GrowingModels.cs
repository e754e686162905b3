namespace KernelGen.Torch.Tests;

/// <summary>RigL, but for one layer.</summary>
[SparseModel(Training = true)]
[Grow(Growth.RigL, Share = 0.4, Every = 4)]
internal sealed partial class MostlyRigL
{
    [Linear(20, 37, Activation = Activation.Relu), Unstructured(Sparsity = 0.7)]
    public partial Linear Fc1 { get; }

    [Linear(37, 33, Activation = Activation.Tanh), Unstructured(Sparsity = 0.6)]
    [Grow(Growth.Set, Share = 0.25, Every = 3, End = 1)]
    public partial Linear Fc2 { get; }

    [Linear(33, 24, Activation = Activation.Silu), NM(2, 4)]
    public partial Linear Fc3 { get; }

    [Linear(24, 5)]
    public partial Linear Fc4 { get; }
}

/// <summary>Layers that exchange weights, and one that can't.</summary>
[SparseModel(Training = true)]
[Grow(Growth.Snfs, Share = 0.5, Every = 3, End = 1)]
internal sealed partial class MostlySnfs
{
    [Linear(20, 37, Activation = Activation.Relu), Unstructured(Sparsity = 0.7)]
    public partial Linear Fc1 { get; }

    [Linear(37, 32, Activation = Activation.Tanh), NM(2, 4)]
    [Grow(Growth.RigL, Every = 3)]
    public partial Linear Fc2 { get; }

    [Linear(32, 5), Unstructured(Sparsity = 0.6)]
    public partial Linear Fc3 { get; }
}

/// <summary>One layer that grows; the others keep their masks.</summary>
[SparseModel(Training = true)]
internal sealed partial class OneGrows
{
    [Linear(20, 16, Activation = Activation.Relu), Unstructured(Sparsity = 0.5)]
    public partial Linear Fc1 { get; }

    [Linear(16, 5), Unstructured(Sparsity = 0.5), Grow(Growth.RigL, Every = 2)]
    public partial Linear Fc2 { get; }
}
